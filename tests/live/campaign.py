"""What the invented account publishes on the real server, and what changes before the second night."""

from dataclasses import dataclass, field

from desk.demo.credentials import xmp_generated
from desk.demo.pictures import TREATMENTS, jpeg, look
from tests.live.bluesky import Picture, Publisher

TWIN = (
    "vilde_coat",
    "vilde_gown",
    "noor_suit",
    "noor_knit",
)  # registered; what is posted are other files of them


@dataclass(slots=True)
class Campaign:
    """Posts by a name of ours: URI and pictures as published."""

    uris: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, tuple[Picture, ...]] = field(default_factory=dict)

    def publish(
        self, who: Publisher, name: str, text: str, *pictures: Picture, labels: tuple[str, ...] = ()
    ) -> None:
        self.uris[name] = who.post(text, pictures, labels)
        self.pictures[name] = pictures


def treated(name: str, treatment: str, alt: str) -> Picture:
    return Picture(TREATMENTS[treatment](look(name)), alt)


def publish(who: Publisher) -> Campaign:
    made = Campaign()
    made.publish(
        who,
        "labelled",
        "The arcade coat. This image was created with AI: the digital twin of our model.",
        treated("vilde_coat", "recompressed", "A blue coat"),
    )
    made.publish(
        who, "unlabelled", "Dusk, and nowhere to be.", treated("vilde_gown", "recompressed", "A red gown")
    )
    made.publish(
        who,
        "self_labelled",
        "For the fells.",
        treated("noor_knit", "as it is", "A striped jumper"),
        labels=("ai-generated",),
    )
    made.publish(
        who,
        "carousel",
        "Three looks.",
        treated("ordinary_pair", "as it is", "first: a pair"),
        treated("ordinary_close", "as it is", "second: a jumper, “ribbed”"),
        Picture(jpeg(look("generated_fell"), xmp=xmp_generated()), "third: Røros, 零下 🧣"),
    )
    made.publish(who, "edited", "Tailoring.", treated("noor_suit", "mirrored", "A green suit"))
    made.publish(who, "deleted", "Sideways.", treated("vilde_gown", "turned", "A gown, turned"))
    made.publish(
        who, "ordinary", "Checks, checked.", treated("ordinary_checks", "as it is", "A checked coat")
    )
    made.publish(who, "no_picture", "Good morning.")
    for number in range(5):  # the account is longer than its pictures
        made.publish(
            who, f"ordinary_{number}", f"Look {number}.", treated("feed_beach", "as it is", f"Look {number}")
        )
    return made


def second_day(who: Publisher, made: Campaign) -> None:
    """One post is edited, one deleted."""
    who.edit(made.uris["edited"], "Tailoring. Photo: the studio.", made.pictures["edited"])
    who.delete(made.uris["deleted"])
