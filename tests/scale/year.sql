-- Some days of a made-up year, as rows that the figures are counted from. Everything follows from its number.
-- A group of ten texts is one visit with two reminders (0, 1), six check-ins (2 to 7) and two answers (8, 9).

create temp table if not exists days (number integer primary key, day text, enrolled integer);
create temp table if not exists texts (k integer primary key);
create temp table if not exists groups (g integer primary key, day text, enrolled integer);
create temp table if not exists put (
    g integer, k integer, day text, at text, woman integer, state text, is_reply integer, primary key (g, k)
);
delete from days;
delete from groups;
delete from put;

insert or ignore into texts values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);

with recursive n(i) as (select :from_day union all select i + 1 from n where i + 1 < :to_day)
insert into days select i, date(:first_day, '+' || i || ' days'), max(1, (i + 1) * :clients / :days) from n;

with recursive n(i) as (select :from_group union all select i + 1 from n where i + 1 < :to_group)
insert into groups
select i, day, enrolled from n join days on days.number = i * :days / :groups where i < :to_group;

insert into put
select g, k, day, day || printf(' %02d:%02d:%02d.000000', 5 + k, g % 60, g / 60 % 60),
    case when k < 2 then g * 7919 else g * 7919 + k * 104729 end % enrolled,
    case when (g + k) % 97 = 0 then 'failed' when (g * 7 + k) % 12 = 0 then 'sent' else 'delivered' end,
    k in (2, 3)
from groups cross join texts;

insert or ignore into districts (id, name)
select printf('1%031x', k), 'District ' || k from texts;

with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :sites)
insert or ignore into sites (id, district_id, name, activated_at, created_at, actor)
select printf('2%031x', i), printf('1%031x', i % 10), 'Site ' || i, :began, :began, 'operator' from n;

with recursive n(i) as (select :from_client union all select i + 1 from n where i + 1 < :to_client)
insert into people (id, kind, language, born_on, sex, created_at, actor)
select printf('3%031x', i), 'client', 'st', date(:first_day, '-' || (5500 + i * 31 % 11000) || ' days'), 'female',
    day || ' 08:00:00.000000', 'operator'
from n join days on days.number = i * :days / :clients where i < :to_client;

insert into clients (id, code, site_id, kind, state, wording, delivered_on, delivered_known_at,
    enrolled_on, enrolled_through, verified_at, created_at, actor)
with recursive n(i) as (select :from_client union all select i + 1 from n where i + 1 < :to_client)
select printf('3%031x', i), printf('9%07d', i), printf('2%031x', i * 13 % :sites),
    case i % 4 when 0 then 'pregnant' when 1 then 'art' else 'breastfeeding' end, 'active', 'T0',
    iif(i % 4 > 1, day, null), iif(i % 4 > 1, day || ' 08:00:00.000000', null),
    day, case i % 5 when 0 then 'ussd' when 1 then 'community' else 'facility' end,
    day || ' 08:00:00.000000', day || ' 08:00:00.000000', 'operator'
from n join days on days.number = i * :days / :clients where i < :to_client;

-- All but every twentieth are met on the day on which they are enrolled.
insert into contacts (id, client_id, mode, site_id, source, source_id, occurred_at, recorded_at, actor)
select '1' || substr(id, 2), id,
    case enrolled_through when 'ussd' then 'ussd' when 'community' then 'home_visit' else 'facility_visit' end,
    site_id, 'enrolment', id, created_at, created_at, 'staff:somebody'
from clients where enrolled_on in (select day from days) and id like '3000%' and code % 20 <> 0;

insert into people (id, kind, language, born_on, sex, created_at, actor)
select '4' || substr(id, 2), 'infant', 'st', delivered_on, iif(enrolled_through = 'ussd', 'male', 'female'),
    created_at, 'operator'
from clients where delivered_on in (select day from days) and id like '3000%';

insert into infants (id, mother_id, state, risk, created_at, actor)
select '4' || substr(id, 2), id, 'active', 'low', created_at, 'operator'
from clients where delivered_on in (select day from days) and id like '3000%';

-- Of each infant a sample at six weeks, and of most one at nine months.
insert into infant_samples (id, infant_id, taken_on, result, recorded_at, result_recorded_at, actor)
select lower(hex(randomblob(16))), infants.id, day, iif(born_on like '%-17', 'positive', 'negative'),
    day || ' 09:00:00.000000', day || ' 09:00:00.000000', 'operator'
from days
join people on people.kind = 'infant' and people.born_on in (date(day, '-42 days'), date(day, '-274 days'))
join infants on infants.id = people.id
where people.id like '4000%' and (people.born_on = date(day, '-42 days') or people.born_on not like '%-05');

insert or ignore into visits (id, client_id, subject_id, kind, day, state, known_at, actor)
select printf('5%031x', g), printf('3%031x', woman), printf('3%031x', woman),
    case g % 4 when 0 then 'anc' when 1 then 'pnc' else 'refill' end, day,
    iif(g * 31 % 8 = 0, 'missed', 'attended'), day || ' 04:00:00.000000', 'operator'
from put where k = 0;

insert into visit_events (id, visit_id, fact, day, occurred_at, recorded_at, actor)
select 'f' || substr(visits.id, 2), visits.id, 'planned', visits.day, known_at, known_at, 'staff:somebody'
from put join visits on visits.id = printf('5%031x', g) where k = 0;

insert into visit_events (id, visit_id, fact, day, occurred_at, recorded_at, actor)
select '6' || substr(visits.id, 2), visits.id, visits.state, visits.day, put.at, put.at, 'staff:somebody'
from put join visits on visits.id = printf('5%031x', g) where k = 8;

insert into contacts (id, client_id, mode, site_id, source, source_id, occurred_at, recorded_at, actor)
select '7' || substr(visits.id, 2), client_id, 'facility_visit', site_id, 'visit', visits.id, put.at, put.at, 'staff:somebody'
from put join visits on visits.id = printf('5%031x', g) join clients on clients.id = client_id
where k = 8 and visits.state = 'attended';

insert into ledger (id, plan, step, timing_version, client_id, subject_id, occurrence, due_at, latest, speaks_of,
    state, message_id, stumbles, planned_at, ended_at)
select printf('8%031x', g * 10 + k), iif(k < 2, 'visits', 'check-ins'),
    case k when 0 then 'visit_d7' when 1 then 'visit_d1' else 'check_in_weekly' end, '1', printf('3%031x', woman),
    iif(k < 2, printf('5%031x', g), printf('3%031x', woman)), g * 10 + k, at, at, day,
    iif(state = 'sent', 'sent_no_receipt', state), printf('9%031x', g * 10 + k), 0, at, at
from put where k < 8;

insert into messages (id, person_id, phone_id, phone_index, message_class, lane, text_id, text_version, language,
    wording, parts, plan, step, ledger_id, speaks_of, state, not_before, not_after, next_attempt_at, fence, attempts,
    stumbles, gateway, cost_micros, cost_currency, created_at, sent_at, final_at, actor)
select printf('9%031x', g * 10 + k), printf('3%031x', woman), printf('a%031x', woman), zeroblob(32),
    case when k < 2 then 'R2' when k < 8 then 'R1' else 'A' end, 1, 'made_up', '1', 'st', 'T0', 1,
    null, null, iif(k < 8, printf('8%031x', g * 10 + k), null), null, state, at, at, at, 1, 1, 0, 'simulator',
    1 + k, 'LSL', at, iif(state = 'failed', null, at), at, 'system'
from put;

-- Every third check-in of two is answered within the hour.
insert into contacts (id, client_id, mode, site_id, source, source_id, occurred_at, recorded_at, actor)
select printf('b%031x', g * 10 + k), clients.id, iif(k = 2, 'sms', 'ussd'), site_id, 'answer', printf('8%031x', g * 10 + k),
    replace(at, '.000000', '.500000'), replace(at, '.000000', '.500000'), 'client'
from put join clients on clients.id = printf('3%031x', woman)
where is_reply and g % 3 = 0 and put.state <> 'failed';

insert into tasks (id, kind, urgency, state, client_id, opened_at, due_at, closed_at, escalations, actor)
select printf('c%031x', g), iif(g % 90 = 0, 'wrong_number', 'call_me'), iif(g % 20 = 0, 'today', 'soon'), 'closed',
    printf('3%031x', woman), at, day || ' 23:00:00.000000', day || printf(' %02d:00:00.000000', 14 + g % 9),
    0, 'client'
from put where k = 8 and g % 10 = 0;

insert into task_events (id, task_id, event, occurred_at, recorded_at, actor)
select 'd' || substr(id, 2), id, 'closed', closed_at, closed_at, 'staff:somebody'
from tasks where opened_at >= (select min(day) from days) and id like 'c000%';

insert into consents (id, person_id, channel, given, wording_version, through, occurred_at, recorded_at, actor)
select printf('e%031x', g), printf('3%031x', woman), 'sms', 0, '1', 'stop', at, at, 'client'
from put where k = 9 and g % 500 = 0;
