"""Words by which a sentence says that a law was broken. A finding says what was seen; whether a law was
broken is for a court, so a rule that says it is refused, and no text of the code that words findings may
have them.

British and American spellings, and how the lexicon's other languages say it: a user's own rule is printed in
the language in which it is written.
"""

import re

ACCUSED = (
    r"broke|broken|breaks|breaking|breach\w*|violat\w*|illegal\w*|unlawful\w*|infring\w*|offen[cs]es?|guilty",
    r"contraven\w*|non-?complian\w*|(not|fail(s|ed)? to|without) compl(y|ies|ied|iant|ying)|against the law",
    r"crim(e|es|inal\w*)|punishable",
    r"verst(o|ö|oe)(ß|ss)\w*|(rechts|gesetz)(es)?widrig\w*|strafbar\w*|bricht das gesetz",  # de
    r"overtr(ee?d|ad)\w*|schend\w*|onwettig\w*|onrechtmatig\w*|in strijd met de wet",  # nl
    r"enfrei\w*|viole|violent|violé\w*|illégal\w*|illicite\w*|infraction\w*",  # fr
    r"ilegal\w*|ilícit\w*|incumpl\w*|viola[czç]\w*|descumpr\w*|incumpr\w*|viola (la|il|le|a|o)",  # es it pt
    r"illecit\w*|infrang\w*|infrazion\w*",  # it
    r"narusz\w*|złama\w*|łami\w*|nielegaln\w*|bezprawn\w*",  # pl
    r"bryter mot|olaglig\w*|överträd\w*|lagbrott|ulovlig\w*|overtræd\w*|bryder loven",  # sv da
)
ACCUSED_UNSPACED = r"违法|違法|违反|違反|위반|불법|위법"  # zh ja ko: no space before or after a word
ACCUSING = re.compile(rf"\b({'|'.join(ACCUSED)})\b|{ACCUSED_UNSPACED}", re.I)
