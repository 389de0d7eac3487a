"""How improbable it is that so many posts say the same: a field that changed its meaning, or chance?

Two questions that chance can answer, each by a probability; below `ALPHA` chance is no explanation. Pure.

*A number that is not 0* (likes, views). However different an account's posts are in how much they are liked,
of counts that arise one by one (a Poisson distribution whose mean differs from post to post) no number v can
make up more than e^-v v^v / v! of them: its share is greatest where every post's mean is v itself. For 3 that
is 22 %, for 1 it is 37 %. Platforms round large numbers, so that nothing is held to be rarer than `ROUNDED`.
How many of n posts have it by chance is then at most binomial. Source: the mode of the Poisson distribution
(Johnson, Kemp and Kotz, Univariate Discrete Distributions, 3rd ed. 2005, sections 4.3 and 8.3.2).

*Any other value* (no like, an empty caption, a caption): an account may never write captions, or be liked by
nobody. Only what its other posts say tells: of n others e say the same, and how many of m then do is by
Laplace's rule of succession, drawn out to many, at most beta-binomial (uniform prior; Gelman and others,
Bayesian Data Analysis, 3rd ed. 2013, section 2.4). Little knowledge makes it cautious by itself: fifteen
empty captions after five written ones are nothing yet, after twenty they are.

And one that it cannot: a caption of some words under nearly all posts. Nobody writes that; no likelihood is
given for it.
"""

from functools import lru_cache
from math import comb, exp, lgamma, log

# A large import asks some ten thousand times (intake/suspects.py): one false word in ten thousand imports, as
# far as posts are independent. They are not quite (docs/benchmarks/suspect.md); that is what FEWEST is for.
ALPHA = 1e-8
FEWEST = 15  # posts that say the same: a set of nine or twelve pictures has one caption; ours to choose
NEARLY = 0.9  # of the posts in question: a field that broke says the same in all; ours to choose
MOST_RECKONED = 1000  # posts, of those that are compared
ROUNDED = (
    0.25  # the largest share of a number that platforms round; ours to choose, measured beside the above
)


@lru_cache(maxsize=4096)
def most_of(count: int) -> float:
    """The largest share of posts that a number can make up by chance; 1.0 for 0, of which all may be."""
    if count <= 0:
        return 1.0
    return max(ROUNDED, exp(count * log(count) - count - lgamma(count + 1)))


def is_no_chance(count: int, same: int, posts: int) -> bool:
    """Whether `same` of so many posts have this number by no chance."""
    share = most_of(count)
    return same >= FEWEST and same > share * posts and binomial_tail(same, posts, share) <= ALPHA


def is_sudden(same: int, posts: int, others_same: int, others: int) -> bool:
    """Whether `same` of so many posts say it, where `others_same` of the others do, by no chance."""
    if (
        same < FEWEST
        or same < NEARLY * posts
        or not others
        or same * (others + 2) <= posts * (others_same + 1)
    ):
        return False
    if posts > MOST_RECKONED:  # as if there were fewer: that finds less
        same, posts = same * MOST_RECKONED // posts, MOST_RECKONED
    return beta_binomial_tail(same, posts, others_same, others) <= ALPHA


def is_one_text(text: str, same: int, posts: int) -> bool:
    """Whether this caption stands under nearly all posts."""
    return bool(text) and same >= FEWEST and same >= NEARLY * posts


def binomial_tail(least: int, of: int, share: float) -> float:
    """P(X >= least), X binomial. `share` in ]0, 1]."""
    if share >= 1.0:
        return 1.0
    total = 0.0
    for number in range(least, of + 1):
        term = exp(_log_choose(of, number) + number * log(share) + (of - number) * log(1 - share))
        total += term
        if term < total * 1e-12:  # behind the mode terms only become smaller
            break
    return min(total, 1.0)


def beta_binomial_tail(least: int, of: int, seen: int, among: int) -> float:
    """P(X >= least) of `of` more, where `seen` of `among` were it, all shares as likely beforehand."""
    a, b = seen + 1, among - seen + 1
    whole = lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(a + b + of)
    total = 0.0
    for number in range(least, of + 1):
        total += exp(_log_choose(of, number) + lgamma(a + number) + lgamma(b + of - number) + whole)
    return min(total, 1.0)


def _log_choose(of: int, number: int) -> float:
    if of < 60:
        return log(comb(of, number))
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)
