"""Which way a folder is pulled."""

from datetime import UTC, datetime, timedelta

from postroom.rooms.mailbox.plan import REBUILDS_A_DAY, Course, FolderPast, course_of, rebuilds_after

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_folder_never_seen_is_opened_even_if_its_cursor_is_void() -> None:
    assert course_of(FolderPast(False, 0, None), cursor_void=True, now=NOW) is Course.OPEN


def test_a_valid_cursor_is_continued() -> None:
    assert course_of(FolderPast(True, 9, NOW), cursor_void=False, now=NOW) is Course.CONTINUE


def test_a_changed_uidvalidity_is_a_rebuild_until_it_happens_too_often() -> None:
    past = FolderPast(True, 0, None)
    courses = []
    for hour in range(REBUILDS_A_DAY + 1):
        now = NOW + timedelta(hours=hour)
        courses.append(course_of(past, cursor_void=True, now=now))
        past = FolderPast(True, rebuilds_after(past, now), now)
    assert courses == [Course.REBUILD] * REBUILDS_A_DAY + [Course.NEWEST_ONLY]


def test_a_quiet_day_gives_the_server_its_trust_back() -> None:
    past = FolderPast(True, REBUILDS_A_DAY, NOW)
    later = NOW + timedelta(days=1, minutes=1)
    assert course_of(past, cursor_void=True, now=later) is Course.REBUILD
    assert rebuilds_after(past, later) == 1
