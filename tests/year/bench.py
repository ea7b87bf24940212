"""One woman far away, a day on which somebody comes to her, and the judges of the year."""

from datetime import date, datetime
from uuid import UUID

from service.domain.care import VisitKind, VisitState
from service.domain.people import Wording
from tests.reminders.maseru import maseru
from tests.year.book import Book, Gathering, KeptVisit, Left
from tests.year.people import COURSES, Known, Woman
from tests.year.watch import Watch

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
THE_DAY = date(2027, 3, 16)
WEEK_BEFORE, DAY_BEFORE = maseru("2027-03-09 10:00"), maseru("2027-03-15 10:00")
SET = maseru("2027-03-01 08:20")
DAY_AFTER = maseru("2027-03-17 10:00")
INVITED = "Hello N7, you are invited on Tuesday 16 March. Lineo0 will tell you where."
OFF = "Hello N7, please do not come on Tuesday 16 March: it will be another day."
TOMORROW = "Hello N7, see you tomorrow, Tuesday 16 March. Lineo0"
MISSED = "Hello N7, we missed you yesterday. Lineo0"


class Bench:
    def __init__(self) -> None:
        self.woman = Woman(7, COURSES[0], "en", Wording.T0, True, None, date(2027, 1, 4))
        self.known = Known(self.woman, UUID(int=7), None, HERE)
        self.book = Book()
        self.book.meet(self.known)
        self.watch = Watch(self.book)
        self.day = Gathering(UUID(int=9), HERE, [(SET, THE_DAY)])
        self.book.gatherings[self.day.id] = self.day

    def complaints(self, *texts: tuple[datetime, str]) -> list[str]:
        self.book.left += [Left(at, self.woman.phone, said) for at, said in texts]
        self.watch.look()
        return self.watch.complaints

    def says_yes(self) -> None:
        self.day.coming.add(self.woman.phone)

    def visit(self, state: VisitState) -> None:
        visit = KeptVisit(UUID(int=8), self.known, self.known.client_id, VisitKind.REFILL)
        visit.give(WEEK_BEFORE, THE_DAY)
        visit.outcomes.append((maseru("2027-03-16 15:30"), state))
        self.book.add(visit)
