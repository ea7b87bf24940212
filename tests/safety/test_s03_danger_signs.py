"""S3: the danger signs of the WHO are on the screens, in the advice and in what is understood of a text.

Pregnancy, Childbirth, Postpartum and Newborn Care; Integrated Management of Childhood Illness. The list is to
be approved by the clinical lead before go-live.
"""

from uuid import UUID

import pytest

from service.keywords import Said, meaning
from tests.safety.place import MENTORS, Place, one_database
from tests.worker.village import shipped_programme

MOTHER = (
    # sign, how the screens and the advice say it in English and Sesotho, how she may say it
    ("bleeding", "leeding", "ali a tsoang", ("I am bleeding", "ke tsoa mali")),
    ("fits", "fits", "sethoathoa", ("I had fits", "ke na le sethoathoa")),
    ("severe headache", "bad headache", "looho e opang", ("very bad headache", "hlooho e opa haholo")),
    ("blurred vision", "see", "ho se bone hantle", ("my eyes are blurred", "ha ke bone hantle")),
    ("difficult breathing", "breath", "hema ka thata", ("I cannot breathe", "ha ke khone ho hema")),
    ("severe abdominal pain", "belly pain", "mala", ("severe pain in my belly", "mala a bohloko")),
    ("fever", "ever", "feberu", ("I have a fever", "ke na le feberu")),
    ("waters broken", "ater", "metsi a phatloh", ("my waters broke", "metsi a phatlohile")),
    ("reduced movement", "moves less", "sisinye", ("baby is not moving", "lesea ha le sisinyehe")),
    ("foul discharge", "bad smell", "monko o mobe", ("bad smell below", "ke na le monko o mobe")),
    ("leg pain", "one leg", "leoto le opang", ("pain in one leg", "leoto le opang")),
    ("self-harm", "yourself", "ho ipolaea", ("I want to kill myself", "ke batla ho ipolaea")),
)
BABY = (
    ("not feeding", "ot feeding", "a le anye", ("the baby is not feeding", "lesea ha le anye")),
    ("convulsions", "fits", "sethoathoa", ("my baby has fits", "lesea le na le sethoathoa")),
    ("fast breathing", "fast", "hema ka pele", ("baby breathing fast", "lesea le hema ka pele")),
    ("hot or cold", "cold", "bata haholo", ("the baby is very cold", "lesea le chesa haholo")),
    ("lethargy", "ard to wake", "tepeletse", ("the baby is hard to wake", "lesea le tepeletse")),
    ("jaundice", "ellow skin", "etlalo le lesehla", ("the baby is yellow", "lesea le lesehla")),
    ("umbilical pus", "navel", "mokhubu", ("pus from the navel", "bolalu mokhubung")),
)


@pytest.mark.parametrize(
    ("keys", "signs"),
    [
        (("ussd.signs_mother_first", "ussd.signs_mother_second"), MOTHER),
        (("ussd.advice_mother_text",), MOTHER),
        (("ussd.signs_baby_first", "ussd.signs_baby_second"), BABY),
        (("ussd.advice_baby_text",), BABY),
    ],
)
def test_s03_every_sign_is_asked_about_and_told_in_both_languages(
    keys: tuple[str, ...], signs: tuple[tuple[str, str, str, object], ...]
) -> None:
    texts = shipped_programme().texts
    english, sesotho = (" ".join(texts.say(key, language) for key in keys) for language in ("en", "st"))
    assert [sign for sign, en, _, _ in signs if en not in english] == []
    assert [sign for sign, _, st, _ in signs if st not in sesotho] == []


@pytest.mark.parametrize("said", [text for *_, texts in (*MOTHER, *BABY) for text in texts])
def test_s03_every_sign_is_understood_when_she_writes_it(said: str) -> None:
    assert meaning(said) is Said.DANGER


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def not_well(place: Place) -> str:
    return next(line[0] for line in place.dial()[0].splitlines() if "not well" in line.lower())


@one_database
@pytest.mark.parametrize("answers", [("1", "1"), ("1", "2", "1"), ("2", "1"), ("2", "2", "1")])
def test_s03_a_yes_on_any_list_is_advice_at_once_and_an_alarm(
    place: Place, woman: UUID, answers: tuple[str, ...]
) -> None:
    assert "NOW" in place.dial(not_well(place), *answers)[-1]
    assert ("danger", MENTORS) in place.open_tasks()
    place.village.dispatch()
    assert [text for text in place.got(MENTORS) if text.startswith("URGENT")]
