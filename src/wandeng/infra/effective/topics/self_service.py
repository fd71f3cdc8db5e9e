"""Self-service (自助服务): how often a resident may ask for codes, look up bills, report faults, complain and praise, how
many photos of what size go with a case, how long a code, a session and a personal token live, how long a checked contact proves
something, and what the message with a code says."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, TopicModel

Above = Annotated[int, Field(gt=0)]


class Codes(Group):
    """Codes by short message (短信验证码): limits of one phone, one address and the whole house, minutes a code is good for,
    how many wrong trials end it, how many digits it has, and the text with its code at the gateway."""

    a_minute_per_phone: Above
    a_day_per_phone: Above
    a_day_per_address: Above
    a_day_altogether: Above
    good_for_minutes: Above
    tries: Above
    digits: Annotated[int, Field(ge=6, le=8)]
    text: Annotated[str, Field(min_length=1, max_length=70)]
    template_code: Annotated[str, Field(min_length=1, max_length=32)]

    @model_validator(mode="after")
    def _widening(self) -> Codes:
        if not self.a_minute_per_phone <= self.a_day_per_phone <= self.a_day_per_address <= self.a_day_altogether:
            raise ValueError(
                "a minute, a day of a phone, of an address, altogether: each limit is at least the one before"
            )
        if any(slot not in self.text for slot in ("{code}", "{minutes}")):
            raise ValueError("the text names {code} and {minutes}")
        return self


class Stays(Group):
    """Sessions (登录有效期): after how many days a resident proves the phone again."""

    days: Above


class LookUps(Group):
    """Looks at pages (查询) a minute by one resident."""

    a_minute: Above


class FaultReports(Group):
    """Reports of faults (故障报修) an hour for one account."""

    an_hour_per_account: Above


class OwnRequests(Group):
    """Complaints, opinions, suggestions and praise (投诉、意见、建议、表扬), and photos sent after them, an hour for one account; how many
    signs their words may have."""

    an_hour_per_account: Above
    longest_words: Annotated[int, Field(ge=50, le=2000)]


class OwnPhotos(Group):
    """Photos of a customer (客户照片): how many go with a case, how many bytes and pixels one may have as it is sent, and how
    many pixels its longer side has as it is kept."""

    most: Above
    most_bytes: Above
    most_pixels: Above
    longest_side: Above


class Proofs(Group):
    """Contacts as proof (联系电话核实有效期): so many days after a check that found it right, a number still shows by itself that an
    account is its owner's."""

    prove_for_days: Above


class PersonalTokens(Group):
    """Personal tokens (个人令牌): how many a resident holds at once, how long one lives at most, questions a minute by them all."""

    most: Above
    longest_days: Above
    a_minute: Above


class SelfService(TopicModel):
    """Codes, sessions, look-ups, fault reports, complaints and praise, photos, contacts as proof, personal tokens."""

    topic_name: ClassVar[str] = "self_service"

    codes: Codes
    sessions: Stays
    look_ups: LookUps
    faults: FaultReports
    requests: OwnRequests
    photos: OwnPhotos
    contacts: Proofs
    tokens: PersonalTokens
