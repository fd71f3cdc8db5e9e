"""The page of one case: what each role sees, does and may not do there."""

from __future__ import annotations

import re

import pytest

from wandeng.domains.cases.models import CallBack, Case, CasePaper
from wandeng.domains.organization.tests.make import png
from wandeng.infra.models import Operation
from wandeng.interfaces.console.cases.tests import desk_world as world
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
HERE = {"proof-longitude": "112.5", "proof-latitude": "26.25"}
COMPLAINT = {
    "process": "complaint", "account": "1001", "channel": "PHONE_95598", "first_and_second": "SERVICE/CONDUCT",
    "grade": "ORDINARY", "answer-MATTER": "窗口态度差", "answer-WISH": "道歉",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _county(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    settings.HOME = tmp_path
    monkeypatch.setattr(middleware, "now", lambda: world.NOW)
    world.county()


def photo(name: str = "pole.png"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, png(), content_type="image/png")


def done(number: str, until: str = "RESTORE") -> None:
    """Take a fault through its steps by the page."""
    steps = (
        ("DISPATCH", "dispatch", {"handler": "cell-w"}),
        ("ACCEPT", "cell-w", {}),
        ("ARRIVE", "cell-w", {"answer-EXPECTED": "2026-03-10T12:00", **HERE}),
        (
            "RESTORE",
            "cell-w",
            {"answer-CAUSE": "接户线断", "answer-RESTORED": "2026-03-10T10:00", "result": "REPAIRED", **HERE},
        ),
    )
    for step, who, given in steps:
        more = {"proof-PHOTO": photo()} if step == "RESTORE" else {}
        world.post(who, f"case/{number}/finish/", step=step, **given, **more)
        if step == until:
            return


def page(code: str, number: str) -> str:
    return world.get(code, f"case/{number}/")


def case(number: str) -> Case:
    return Case.objects.get(number=number)


def test_the_page_tells_state_step_owner_clock_and_other_promises() -> None:
    shown = page("dispatch", world.fault())
    for told in (
        "故障抢修",
        "已派单",
        "处理中",
        "首问负责人",
        "人员call",
        "派单时限",
        "到达现场时限",
        "低压故障",
        "其他承诺",
        "整栋楼没电",
    ):
        assert told in shown, told


def test_a_fault_goes_through_its_steps_by_the_page_to_the_call_back() -> None:
    number = world.fault()
    done(number)
    assert case(number).state == "FINISHED"
    shown = page("call", number)
    assert "登记回访" in shown
    world.post("call", f"case/{number}/call-back/", score="5", channel="PHONE", remark="")
    assert case(number).state == "CLOSED"
    assert "很满意" in page("call", number)


def test_a_step_without_its_fields_or_proofs_says_what_is_missing() -> None:
    number = world.fault()
    done(number, until="ACCEPT")
    told = world.refused("cell-w", f"case/{number}/finish/", step="ARRIVE")
    assert told.count("这个字段是必填项") >= 3
    assert case(number).step == "ARRIVE"
    done_by_now = world.refused(
        "cell-w", f"case/{number}/finish/", step="ACCEPT", **{"answer-EXPECTED": "2026-03-10T12:00"}, **HERE
    )
    assert "环节" in done_by_now
    assert "stands at step" not in done_by_now


def test_a_photo_is_served_as_what_it_is_and_only_within_the_scope() -> None:
    number = world.fault()
    done(number)
    paper = CasePaper.objects.get(kind="PHOTO")
    address = f"/console/cases/papers/{paper.pk}/"
    assert address in page("call", number)
    answer = world.client("call").get(address)
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/png", png())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert world.client("hall-e").get(address).status_code == 404


def test_a_file_that_is_no_picture_is_refused_in_words() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    number = world.fault()
    wrong = SimpleUploadedFile("x.png", b"<script>alert(1)</script>")
    told = world.refused("hall", f"case/{number}/hand-in/", what="PAPER", label="证明", file=wrong)
    assert "a file of this kind" not in told
    assert not CasePaper.objects.exists()


def test_taking_and_assigning_change_the_hands() -> None:
    number = world.fault()
    world.post("dispatch", f"case/{number}/take/")
    assert case(number).handler == "dispatch"
    world.post("manager", f"case/{number}/assign/", handler="dispatch", note="请处理")
    assert "→ 人员dispatch" in page("manager", number)
    world.refused("hall", f"case/{number}/assign/", handler="dispatch", note="")
    assert case(number).handler == "dispatch"


def test_sending_back_needs_a_reason_and_leads_to_an_earlier_step() -> None:
    number = world.fault()
    done(number, until="DISPATCH")
    world.refused("cell-w", f"case/{number}/back/", to_step="DISPATCH", reason="")
    world.post("cell-w", f"case/{number}/back/", to_step="DISPATCH", reason="不在本片区")
    assert case(number).step == "DISPATCH"
    shown = page("dispatch", number)
    assert "不在本片区" in shown
    assert "退回 1 次" in shown


def test_a_pause_needs_its_proof_and_the_clocks_run_again_after_it() -> None:
    number = world.opened(
        "hall", process="transfer_of_ownership", account="1001", channel="HALL", documents=["NEW_IDENTITY"],
        **{"answer-OLD_ACCOUNT": "1001", "answer-NEW_NAME": "王五", "answer-NEW_PHONE": "13900000002", "answer-REASON": "SALE"},
    )  # fmt: skip
    told = world.refused("hall", f"case/{number}/pause/", pause="DOCUMENTS_MISSING", reason="等权属证明")
    assert "书面材料" in told or "PAPER" not in told
    world.post(
        "hall",
        f"case/{number}/pause/",
        pause="DOCUMENTS_MISSING",
        reason="等权属证明",
        **{"proof-PAPER_label": "通知书"},
    )
    assert case(number).is_paused
    assert "暂停计时" in page("hall", number)
    world.post("hall", f"case/{number}/resume/", pause="DOCUMENTS_MISSING", reason="")
    assert not case(number).is_paused


def test_pressing_is_counted_and_bounded_in_words() -> None:
    number = world.fault()
    for _ in range(2):
        world.post("call", f"case/{number}/press/", reason="客户再次来电")
    told = world.refused("call", f"case/{number}/press/", reason="第三次")
    assert "催" in told
    assert "was pressed" not in told
    assert 'data-open="press"' not in page("call", number)


def test_supervising_transferring_and_reclassifying_want_reasons_and_leave_their_mark() -> None:
    number = world.fault()
    world.post("manager", f"case/{number}/supervise/", reason="重要用户")
    world.post(
        "dispatch",
        f"case/{number}/reclassify/",
        first_and_second="HIGH_VOLTAGE/LINE",
        urgency="URGENT",
        reason="现场反馈",
    )
    shown = page("manager", number)
    for told in ("督办", "紧急", "高压线路故障", "现场反馈"):
        assert told in shown, told
    world.refused("dispatch", f"case/{number}/transfer/", unit="BS-E", reason="")
    world.post("dispatch", f"case/{number}/transfer/", unit="BS-E", reason="属城东")
    assert case(number).unit.code == "BS-E"
    world.get("hall", f"case/{number}/", status=404)


def test_two_cases_become_one_and_a_case_is_taken_back() -> None:
    first, second = world.fault(), world.fault(account="1002")
    told = world.refused("dispatch", f"case/{first}/merge/", into=first, reason="同一线路")
    assert "into itself" not in told
    world.post("dispatch", f"case/{first}/merge/", into=second, reason="同一线路")
    assert case(first).state == "MERGED"
    assert second in page("call", first)
    assert first in page("call", second)
    world.post("call", f"case/{second}/withdraw/", reason="来电了")
    assert case(second).state == "WITHDRAWN"
    assert 'data-open="' not in page("dispatch", second).partition("其他处理")[2].partition("</section>")[0]


def test_a_note_and_a_paper_are_added_to_the_log() -> None:
    number = world.fault()
    world.post("reader", f"case/{number}/note/", text="路上看见电线垂落")
    world.post("hall", f"case/{number}/hand-in/", what="PHOTO", label="客户照片", file=photo())
    shown = page("call", number)
    for told in ("路上看见电线垂落", "收到资料", "照片"):
        assert told in shown, told


def test_a_dissatisfied_answer_wants_a_word_and_opens_the_case_again() -> None:
    number = world.fault()
    done(number)
    told = world.refused("call", f"case/{number}/call-back/", score="1", channel="PHONE", remark="")
    assert "say what" not in told
    world.post("call", f"case/{number}/not-reached/", reason="无人接听")
    assert CallBack.objects.get().attempts == 1
    world.post("call", f"case/{number}/call-back/", score="1", channel="PHONE", remark="又停了")
    assert (case(number).state, case(number).rounds) == ("OPEN", 2)
    assert "第 2 轮" in page("call", number)


def test_a_closed_case_is_opened_again_for_a_reason() -> None:
    number = world.fault()
    done(number)
    world.post("call", f"case/{number}/call-back/", score="4", channel="PHONE", remark="")
    world.refused("call", f"case/{number}/reopen/", reason="")
    world.post("call", f"case/{number}/reopen/", reason="客户再次来电")
    assert case(number).state == "OPEN"


def test_fields_are_corrected_and_what_is_left_masked_stays() -> None:
    number = world.opened("call", **COMPLAINT)
    world.post("call", f"case/{number}/fill/", **{"answer-MATTER": "窗口态度差，推诿", "answer-WISH": "道歉"})
    shown = page("call", number)
    assert "推诿" in shown
    assert "138****5678" in shown


def test_a_personal_field_is_shown_for_a_reason_that_is_logged() -> None:
    number = world.opened("call", **COMPLAINT)
    assert world.PHONE not in page("audit", number)
    world.refused("audit", f"case/{number}/reveal/PHONE/", reason=" ")
    answer = world.post("audit", f"case/{number}/reveal/PHONE/", status=200, reason="核实诉求")
    assert answer.content.decode() == world.PHONE
    assert Operation.objects.get(action="case.reveal").reason == "核实诉求"
    assert "查看个人信息" in page("audit", number)
    world.post("audit", f"case/{number}/reveal/MATTER/", status=404, reason="核实诉求")


def test_so_many_personal_values_are_shown_an_hour_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from wandeng.domains.organization import queries

    monkeypatch.setattr(queries, "parameter_int", lambda code, on: 1)
    number = world.opened("call", **COMPLAINT)
    world.post("audit", f"case/{number}/reveal/PHONE/", status=200, reason="核实诉求")
    told = world.refused("audit", f"case/{number}/reveal/NAME/", status=403, reason="核实诉求")
    assert "personal values" not in told


def test_whose_a_confidential_case_is_stays_with_those_who_have_it() -> None:
    number = world.opened("call", **COMPLAINT, is_confidential="on")
    world.refused("audit", f"case/{number}/reveal/NAME/", status=403, reason="想知道")
    assert world.post("call", f"case/{number}/reveal/NAME/", status=200, reason="回电").content.decode() == "张三"


def test_another_offices_case_is_not_there() -> None:
    number = world.fault()
    for address in ("", "form/"):
        world.get("hall-e", f"case/{number}/{address}", status=404)
    for verb in ("note/", "hand-in/", "press/", "withdraw/", "finish/"):
        world.post(
            "hall-e", f"case/{number}/{verb}", status=404, text="x", reason="x", what="PHOTO", step="DISPATCH", note=""
        )


@pytest.mark.parametrize("who", ["call", "hall", "dispatch", "cell-w", "audit", "manager", "reader", "biller"])
def test_what_the_page_offers_is_never_answered_with_403(who: str) -> None:
    """Every form and link of the page leads where this person may go; what is missing in them is said on the page."""
    number = world.fault()
    shown = page(who, number)
    known = world.client(who)
    posted = set(re.findall(rf'action="(/console/cases/case/{number}/[a-z-]+/)"', shown))
    for address in sorted(posted):
        assert known.post(address, {}).status_code in (302, 422), address
    main = shown.partition("<main")[2].partition("</main>")[0]
    for address in set(re.findall(r'href="(/console/[^"#]+)"', main)):
        assert known.get(address.replace("&amp;", "&")).status_code == 200, address
    offers = {
        "call": "withdraw/",
        "dispatch": "finish/",
        "audit": "supervise/",
        "hall": "withdraw/",
        "manager": "finish/",
    }
    if who in offers:
        assert any(address.endswith(offers[who]) for address in posted), posted
    if who == "biller":
        assert {address.rsplit("/", 2)[1] for address in posted} <= {"note", "hand-in"}


def test_the_sheet_and_the_filled_form_are_pdfs() -> None:
    number = world.opened(
        "hall", process="transfer_of_ownership", account="1001", channel="HALL", documents=["NEW_IDENTITY"],
        **{"answer-OLD_ACCOUNT": "1001", "answer-NEW_NAME": "王五", "answer-NEW_PHONE": "13900000002", "answer-REASON": "SALE"},
    )  # fmt: skip
    for address in (f"case/{number}/form/", "sheets/low_voltage_connection/"):
        answer = world.client("hall").get(f"/console/cases/{address}")
        assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-"), address
    assert world.client("hall").get("/console/cases/sheets/nothing/").status_code == 404
