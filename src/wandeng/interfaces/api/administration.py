"""The utility itself: units, people, posts, and how it set up the system."""

from __future__ import annotations

from wandeng.domains.organization import actions, queries
from wandeng.infra import jobs
from wandeng.interfaces.api.operations import read, write

_P = "console:administration-"

read(
    "/unit-tree",
    queries.unit_tree,
    name="unit-tree",
    like=f"{_P}units",
    tag="administration",
    about="单位树 the tree of units",
)
write(
    "/units/create",
    actions.create_unit,
    name="unit-create",
    like=f"{_P}unit-new",
    tag="administration",
    about="新建单位 found a unit",
)
write(
    "/units/{unit_code}/rename", actions.rename_unit, name="unit-rename", like=f"{_P}unit", tag="administration",
    about="改名 rename",
)  # fmt: skip
write(
    "/people/add",
    actions.add_person,
    name="person-add",
    like=f"{_P}person-new",
    tag="administration",
    about="新增人员 add a person",
)
read(
    "/people/{code}",
    queries.person_shown,
    name="person",
    like=f"{_P}person",
    tag="administration",
    about="人员 a person",
)
write(
    "/people/{person_code}/appoint", actions.appoint, name="person-appoint", like=f"{_P}appoint", tag="administration",
    about="任命 appoint",
)  # fmt: skip
write(
    "/people/{person_code}/dismiss", actions.dismiss, name="person-dismiss", like=f"{_P}dismiss", tag="administration",
    about="免职 dismiss",
)  # fmt: skip
write(
    "/people/{person_code}/deactivate", actions.deactivate_person, name="person-deactivate", like=f"{_P}person-switch",
    tag="administration", about="停用 switch off",
)  # fmt: skip
write(
    "/people/{person_code}/reactivate", actions.reactivate_person, name="person-reactivate", like=f"{_P}person-switch",
    tag="administration", about="启用 switch on",
)  # fmt: skip
write(
    "/people/{person_code}/unlock", actions.unlock_person, name="person-unlock", like=f"{_P}person-unlock",
    tag="administration", about="解锁 unlock",
)  # fmt: skip
write(
    "/people/{person_code}/move", actions.move_person, name="person-move", like=f"{_P}person-move", tag="administration",
    about="调动 move to a unit",
)  # fmt: skip
read(
    "/parameters", queries.parameters_shown, name="parameters", like=f"{_P}parameters", tag="administration",
    about="参数 parameters in force",
)  # fmt: skip
write(
    "/parameters/{code}/draft", actions.draft_parameter, name="parameter-draft", like=f"{_P}parameter",
    tag="administration", about="起草参数 draft a value",
)  # fmt: skip
write(
    "/parameter-values/{value_id}/approve", actions.approve_parameter, name="parameter-approve",
    like=f"{_P}parameter-approve", tag="administration", about="批准参数 approve, by a second person",
)  # fmt: skip
write(
    "/parameter-values/{value_id}/withdraw", actions.withdraw_parameter, name="parameter-withdraw",
    like=f"{_P}parameter-withdraw", tag="administration", about="撤回参数 withdraw a draft",
)  # fmt: skip
write(
    "/announcements/draft", actions.draft_announcement, name="announcement-draft", like=f"{_P}announcement-new",
    tag="administration", about="起草公告 draft an announcement",
)  # fmt: skip
write(
    "/announcements/{announcement_id}/publish", actions.publish_announcement, name="announcement-publish",
    like=f"{_P}announcement-publish", tag="administration", about="发布公告 publish",
)  # fmt: skip
write(
    "/announcements/{announcement_id}/recall", actions.recall_announcement, name="announcement-recall",
    like=f"{_P}announcement-recall", tag="administration", about="撤回公告 recall",
)  # fmt: skip
write(
    "/jobs/{job_id}/retry",
    jobs.retry,
    name="job-retry",
    like=f"{_P}job-retry",
    tag="administration",
    about="重试任务 retry a job",
)
write(
    "/jobs/{job_id}/cancel",
    jobs.cancel,
    name="job-cancel",
    like=f"{_P}job-cancel",
    tag="administration",
    about="取消任务 cancel a job",
)
