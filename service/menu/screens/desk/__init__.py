"""What lies behind a Mentor Mother's PIN, by name. The names are stored with sessions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.menu.machine import ScreenFunction
from service.menu.screens.desk import baby, case, contact, dates, enrolling, leaving, pausing, start

DESK: Final[Mapping[str, ScreenFunction]] = MappingProxyType(
    {
        "desk": start.desk,
        "desk_back": start.desk_back,
        "todo": start.todo,
        "stranger": start.stranger,
        "find": start.find,
        "week": start.week,
        "noted": start.noted,
        "bye": start.bye,
        "case": case.case,
        "her_word": case.her_word,
        "miss_why": case.miss_why,
        "verify_check": case.verify_check,
        "day_new": dates.day_new,
        "day_new_check": dates.day_new_check,
        "day_close_where": dates.day_close_where,
        "day_close": dates.day_close,
        "contact_how": contact.contact_how,
        "contact_what": contact.contact_what,
        "enrol_phone": enrolling.enrol_phone,
        "enrol_name": enrolling.enrol_name,
        "enrol_again": enrolling.enrol_again,
        "enrol_kind": enrolling.enrol_kind,
        "enrol_language": enrolling.enrol_language,
        "enrol_owner": enrolling.enrol_owner,
        "enrol_consent": enrolling.enrol_consent,
        "enrol_wording": enrolling.enrol_wording,
        "enrol_hours": enrolling.enrol_hours,
        "enrol_check": enrolling.enrol_check,
        "baby_which": baby.baby_which,
        "baby_name": baby.baby_name,
        "baby_born": baby.baby_born,
        "baby_born_check": baby.baby_born_check,
        "baby_menu": baby.baby_menu,
        "blood_day": baby.blood_day,
        "blood_check": baby.blood_check,
        "weaned_day": baby.weaned_day,
        "weaned_day_check": baby.weaned_day_check,
        "answer": baby.answer,
        "answer_again": baby.answer_again,
        "pause_why": pausing.pause_why,
        "pause_which": pausing.pause_which,
        "pause_check": pausing.pause_check,
        "move_where": pausing.move_where,
        "move_which": pausing.move_which,
        "move_check": pausing.move_check,
        "leave_until": leaving.leave_until,
        "leave_who": leaving.leave_who,
        "leave_check": leaving.leave_check,
    }
)
