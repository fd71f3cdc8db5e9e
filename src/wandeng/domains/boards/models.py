"""Community boards, and the cards of the people they name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.boards.states import BOARD


class CommunityBoard(models.Model):
    """Community board 公示栏 of a transformer area (台区), or of a community with all its public areas. ``handle`` is its public address:
    random, or the place's own code where the unit wants it typed."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey("network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="+")
    community = models.CharField(max_length=128, blank=True, help_text="village or community as its areas name it")
    handle = models.CharField(max_length=64)
    keeper = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    shows_arrears = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=BOARD.start)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle"], condition=Q(state="SHOWN"), name="communityboard_handle"),
            models.UniqueConstraint(
                fields=["transformer"], condition=Q(state="SHOWN"), name="communityboard_one_an_area"
            ),
            models.UniqueConstraint(
                fields=["unit", "community"],
                condition=Q(state="SHOWN", transformer__isnull=True),
                name="communityboard_one_a_community",
            ),
            models.CheckConstraint(condition=Q(state__in=BOARD.states), name="communityboard_state_known"),
            models.CheckConstraint(
                condition=Q(transformer__isnull=True) | Q(community=""),
                name="communityboard_area_or_community",
            ),
            models.CheckConstraint(
                condition=~Q(state="WITHDRAWN") | Q(withdrawn_at__isnull=False),
                name="communityboard_withdrawn_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="communityboard_by_unit")]


class ServiceCard(models.Model):
    """Service card 服务名片: what everybody may know of a person of staff: title, the telephone of the work, a photo. The photo was
    looked into and written anew; it is named by its hash."""

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField("organization.Person", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=32, blank=True)
    phone = models.CharField(max_length=32, blank=True, help_text="of the work: it is printed for everybody")
    photo = models.BinaryField(default=b"", help_text="JPEG, or nothing")
    photo_hash = models.CharField(max_length=64, blank=True)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["photo_hash"], name="servicecard_by_photo")]
