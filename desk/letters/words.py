"""What every letter says beside its finding, in whatever form it is written."""

from desk.jobs.letter import Letter

TITLE = "Request for comment"
OPENING = (
    "We follow how digital twins of models are shown, and whether people are told. In your post named below "
    "we found the following, and would like to hear from you before any conclusion is drawn."
)
ASKED = (
    "[Choose and complete: that you tell us under which licence the picture was published · that you tell us "
    "where people were told that it is AI-generated · that the post is labelled, or taken down]"
)
SIGNED = "[Name, organisation, address, telephone]"
HEADS = {
    "facts": "What was published",
    "concerns": "What we would like to ask you about",
    "evidence": "What this rests on",
    "terms": "The terms as we know them",
    "surfaces": "Where people could have been told",
    "unseen": "What we could not see",
    "reply": "Your reply",
    "asked": "What we ask",
    "captures": "Captures that we keep",
}


def reply(letter: Letter) -> str:
    """The right of reply."""
    return (
        f"Please answer by {letter.reply_by:%d %B %Y}. If we are mistaken, in the picture, in the terms or "
        "in the label, we want to know it: tell us, and we will correct our record. What you write will be "
        "kept with this finding, and set beside it wherever we speak of it. If you need more time, say so."
    )
