"""Logistic regression over named traits of a region: was it put in the place of what was there?

The weights are data: fitted once, with a ridge penalty of 1 on standardised traits (le Cessie and van
Houwelingen 1992), as benchmarks/labels/train_replaced.py does it; docs/benchmarks/labels.md tells on what.
Each trait counts by how far it is from what is usual, so that an answer can be told in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Trait:
    """`usual` and `spread` are mean and standard deviation over the regions it was fitted on; `weight` adds
    to the log-odds of being replaced, a spread; `otherwise` says why a region is none, if this speaks most
    against it."""

    usual: float
    spread: float
    weight: float
    otherwise: str

    def speaks(self, measured: float) -> float:
        """Log-odds that it adds."""
        return self.weight * (measured - self.usual) / self.spread


@dataclass(frozen=True, slots=True)
class Weighing:
    """`bias` is the log-odds of a region that is usual in everything, `least` those from which it counts as
    replaced."""

    traits: Mapping[str, Trait]
    bias: float
    least: float

    def against(self, measured: Mapping[str, float]) -> str:
        """Why it is nothing that was replaced; "" where it is."""
        speaks = {name: trait.speaks(measured[name]) for name, trait in self.traits.items()}
        if self.bias + sum(speaks.values()) >= self.least:
            return ""
        return self.traits[min(speaks, key=lambda name: speaks[name])].otherwise


def logarithm(share: float, least: float) -> float:
    """So that a share twice as large is as far from it as one half as large; `least` keeps it finite."""
    return float(np.log(share + least))
