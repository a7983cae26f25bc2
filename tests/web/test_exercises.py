"""The pages of an exercise: taken in, led, played, evaluated, reported; and the board that renews itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comity import lines
from comity.acts import exercise_files, exercise_papers, exercise_sheets
from comity.models import ExercisePut, Message
from comity.web import exercise_boards, exercise_stream
from tests.web import exercise_pages
from tests.web.exercise_pages import SLUG


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_an_exercise_is_taken_in_led_played_and_reported_at_the_desk(officer: Client, auditor: Client) -> None:
    assert "No exercise yet" in text(officer, reverse("exercises"))
    assert officer.post(reverse("exercises"), {}).status_code == 422
    bare = SimpleUploadedFile("list.csv", b"Time,To,Description\n0:10,Blue,Bang\n")
    assert "team “Blue” has no party" in officer.post(reverse("exercises"), {"file": bare}).content.decode()
    scenario = next(one for one in exercise_files.catalogue() if one.id == SLUG)
    sheet = SimpleUploadedFile("list.xlsx", exercise_sheets.give(scenario, "xlsx"))
    made = officer.post(reverse("exercises"), {"file": sheet})
    board = reverse("exercise-board", args=[SLUG])
    assert made["Location"] == board
    lead = reverse("lead-exercise", args=[SLUG])
    assert auditor.post(lead, {"clock": "start"}).status_code == 403
    officer.post(lead, {"clock": "start", "speed-value": "60"})
    officer.post(lead, {"clock": "jump", "jump-value": "4:31"})
    back = officer.post(lead, {"clock": "jump", "jump-value": "1:00"}, follow=True)
    assert "does not go back" in back.content.decode()
    assert "ransom" in text(officer, board)
    officer.post(lead, {"decision": "ransom", "option": "pay"})
    officer.post(lead, {"inject": "A1"})
    assert {"H1", "H5", "A1"} <= set(ExercisePut.objects.values_list("inject", flat=True))
    players = text(officer, f"{board}?players")
    assert "Screens are locked at the hospital" in players
    assert "An odd invoice at the port" not in players, "that is for Ardenia alone"
    assert "Say whether it is a national incident" not in players, "players do not see what is expected of them"
    bundle = officer.get(reverse("exercise-material", args=[SLUG, "H2"]))
    assert json.loads(bundle.content)["objects"][0]["labels"] == ["exercise"]
    assert officer.get(reverse("exercise-material", args=[SLUG, "P1"])).status_code == 404
    officer.post(lead, {"share": "H2", "players": "1"})
    asked = reverse("new-request") + f"?exercise={SLUG}"
    said = {"party": "XA", "subject": "advice", "urgency": "normal", "about": "Which?", "road": "exchange"}
    officer.post(asked, said)
    row = Message.objects.get(kind="request")
    assert row.of_exercise
    assert not row.awaited.exists()
    assert "Nothing on this page is real" in text(officer, reverse("thread", args=[row.uuid]))
    assert 'class="tag exercise"' in text(officer, reverse("correspondence"))
    score = reverse("exercise-score", args=[SLUG])
    officer.post(score, {"expectation": "E6", "word": "no decision", "says": "I saw none."})
    officer.post(score, {"expectation": "E6", "verdict": "missed", "reason": "The log is empty."})
    page = text(auditor, score)
    assert "I saw none." in page
    assert "The log is empty." in page
    officer.post(lead, {"clock": "end"})
    report = reverse("exercise-report", args=[SLUG])
    officer.post(report, {"says": "Write it down.", "expectation": "E6", "due": "2030-01-01"})
    assert "undertaken" in text(officer, report)
    assert "told our verdicts" in officer.post(report, {"tell": "1"}, follow=True).content.decode()
    assert "The ledger alone says the same" in text(officer, f"{report}?verify")
    assert "An odd invoice" not in text(officer, f"{report}?for=joint")


def test_every_page_says_that_nothing_on_it_is_real(officer: Client) -> None:
    for address in exercise_pages.running():
        page = text(officer, address)
        assert "Nothing on this page is real" in page, address
        assert " style=" not in page
    answer = officer.get(reverse("exercise-stream", args=[SLUG]))
    assert answer["Content-Type"] == "text/event-stream"
    said = answer.content.decode()
    assert said.startswith("retry: 3600000\nevent: board\ndata: "), "where no line is kept open, the board comes once"
    assert said.endswith("\n\n")
    assert "The gates do not open" in said
    assert officer.get(reverse("exercise-stream", args=["none"])).status_code == 404


def test_fifty_who_look_cost_one_drawing_and_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercise_stream, "EVERY", 0.01)
    drawn: list[int] = []

    def draw() -> str:
        drawn.append(len(drawn))
        return f"board {len(drawn) // 5}\nof two lines"

    async def look(board: AsyncIterator[bytes]) -> list[bytes]:
        seen = [await anext(board), await anext(board)]
        await board.aclose()  # type: ignore[attr-defined]
        return seen

    async def all_of_them() -> list[list[bytes]]:
        boards = [exercise_stream.follow(("x",), draw) for _ in range(50)]
        return await asyncio.gather(*map(look, boards))

    seen = asyncio.run(all_of_them())
    assert seen == [[b"event: board\ndata: board 0\ndata: of two lines\n\n",
                     b"event: board\ndata: board 1\ndata: of two lines\n\n"]] * 50  # fmt: skip
    assert len(drawn) < 10, "one drawing serves all"
    assert exercise_stream.watched() == 0, "nobody looks, so nothing is drawn"


def test_papers_need_no_node_and_hold_for_each_team_its_own() -> None:
    scenario = next(one for one in exercise_files.catalogue() if one.id == SLUG)
    whole = exercise_papers.sheet(scenario, "es", "")
    assert "Para quien facilita" in whole
    assert all(one.says.split()[0] in whole for one in scenario.injects)
    for team in scenario.teams:
        paper = exercise_papers.sheet(scenario, "en", team.id)
        assert "EXERCISE EXERCISE EXERCISE" in paper
        assert all((one.title in paper) is (team.id in one.to) for one in scenario.injects)
        assert "For the facilitator" not in paper


def test_the_line_is_kept_after_django_has_let_go_of_it() -> None:
    let_go, closed = list[str](), list[str]()

    async def desk(scope: dict[str, Any], receive: Any, send: Any) -> None:
        del receive
        assert exercise_boards.FOLLOW == lines.FOLLOW
        assert lines.FOLLOW in scope["extensions"]
        headers = [(b"content-type", b"text/event-stream"), (b"content-length", b"0"), (b"X-Comity-Follow", b"a b c")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        let_go.append("desk")

    async def follow(key: str) -> AsyncIterator[bytes]:
        try:
            for number in range(99):
                assert let_go == ["desk"]
                yield f"{key} {number}".encode()
                await asyncio.sleep(0)
            await asyncio.sleep(60)
        finally:
            closed.append(key)

    got, gone = list[Any](), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        got.append(message)
        if len(got) == 4:
            gone.set()

    asyncio.run(lines.answer(desk, {"type": "http"}, receive, send, follow))
    assert got[0]["headers"] == [(b"content-type", b"text/event-stream")]
    assert [one["body"] for one in got[1:]] == [b"a b c 0", b"a b c 1", b"a b c 2"]
    assert all(one["more_body"] for one in got[1:])
    assert closed == ["a b c"]
