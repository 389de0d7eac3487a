"""Everything stored of a media item becomes one answer."""

from desk.jobs.matching import registry_of
from desk.jobs.stages.carried import Pass, Progress, Settings
from detector.alarm import news, settled
from detector.answer import answer, judge_stamp
from detector.case import Case
from detector.change_events import is_noted
from detector.examine import stage_versions
from detector.verdict import grounds_of
from storage.records import Answer, Saved
from storage.store import ItemToJudge, Store


def judge(work: Pass) -> None:
    judged = Judge(work.store, work.settings)
    for done, item in enumerate(work.store.items_to_judge(judged.stamp), start=1):
        found = judged.answer(item)
        finding, saved = work.store.save_answer(item, judged.stamp, found, work.now)
        if finding and saved is not Saved.KNOWN and is_noted(found):
            work.noted.append(finding)
        elif finding and saved is not Saved.KNOWN:
            (work.new if saved is Saved.NEW else work.changed).append(finding)
            if news(found, work.store.answer_before(finding), judged.quiet(item, found)):
                work.alerts.append(finding)
        work.tell(Progress("judge", done))


class Judge:
    """Joins one item's stored parts with the registry as it stands now."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.settings = settings
        self.registry = registry_of(store)
        self.stages = dict(stage_versions(settings.trust))
        self.stamp = judge_stamp(store.registry_stamp(), settings.rulebook)
        self.settlements = store.uses.settlements()

    def answer(self, item: ItemToJudge) -> Answer:
        return answer(self._case(item))

    def quiet(self, item: ItemToJudge, found: Answer) -> frozenset[str]:
        """What of it raises no alert, since a person has settled it."""
        return settled(found, item.version.account, item.version.post.posted_at, self.settlements)

    def level(self, item: ItemToJudge) -> int:
        """Of all that says AI, by what is known now: the verdict's own."""
        return max((one.level for one in grounds_of(self._case(item))), default=0)

    def _case(self, item: ItemToJudge) -> Case:
        return Case(
            account=item.version.account,
            post=item.version.post,
            position=item.position,
            evidence=item.evidence,
            matches=item.matches,
            readings=item.readings,
            history=item.history,
            too_little=item.too_little,
            failure=item.failure,
            kin=item.kin,
            registry=self.registry,
            rulebook=self.settings.rulebook,
            lexicon=self.settings.lexicon,
            stages=self.stages,
        )
