"""A small picture of ours with Content Credentials that say "made by a trained model".

`files/manifest.jpg` was signed once, by an authority whose keys were thrown away at once; its certificates
end in 2126. Nobody trusts it: the claim is read at level 2.
"""

from importlib.resources import files

from detector.origin import c2pa as reader

NAME = "a manifest"
READS = (f"origin:{reader.NAME}",)


def missed() -> str:
    data = (files("detector") / "controls" / "files" / "manifest.jpg").read_bytes()
    found = reader.read(data, "jpeg")
    if any(one.level == 2 and "trainedAlgorithmicMedia" in one.signal for one in found):
        return ""
    return "; ".join(one.signal for one in found) or "nothing is read in it"
