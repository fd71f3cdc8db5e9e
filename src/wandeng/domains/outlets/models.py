"""Outlets with their hours, the road map they are reached by, the villages people live in, and computed payment circles."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.outlets.types import ChangeKind, OutletKind, RoadClass, ServedBy, SettlementArea


class Outlet(models.Model):
    """Outlet 网点: a place where customers pay or are served: hall, agent, bank, terminal, village point. ``hours`` as
    ``wandeng.domains.outlets.hours`` writes them; ``services`` are codes with a comma between."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    public_phone = models.CharField(
        max_length=32, blank=True, help_text="the number of the place, printed for everybody"
    )
    longitude_e6 = models.IntegerField()
    latitude_e6 = models.IntegerField()
    village = models.CharField(max_length=32, blank=True, help_text="行政村编号; empty: that of the nearest settlement")
    services = models.CharField(max_length=64)
    hours = models.CharField(max_length=200)
    open_on = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[str(one) for one in OutletKind]), name="outlet_kind_known"),
            models.CheckConstraint(condition=Q(open_on__in=["WORKING_DAYS", "EVERY_DAY"]), name="outlet_open_on_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="outlet_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["unit", "code"], name="outlet_by_unit")]


class OutletException(models.Model):
    """Exception to an outlet's hours 营业时间例外: on these days (half-open) closed, or open at other hours, and why."""

    id = models.BigIntegerField(primary_key=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="exceptions")
    from_on = models.DateField()
    to_on = models.DateField()
    hours = models.CharField(max_length=200, blank=True, help_text="empty: closed")
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="outletexception_ends_later"),
        ]
        indexes = [models.Index(fields=["outlet", "from_on"], name="outletexception_by_day")]


class RoadMap(models.Model):
    """Road map 路网: a version of the roads of a county, from a day on, and where it comes from."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["unit", "valid_from"], name="roadmap_by_unit")]


class RoadNode(models.Model):
    """Crossing or bend 路网节点 of a road map."""

    id = models.BigIntegerField(primary_key=True)
    road_map = models.ForeignKey(RoadMap, on_delete=models.PROTECT, related_name="nodes")
    code = models.CharField(max_length=32)
    longitude_e6 = models.IntegerField()
    latitude_e6 = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["road_map", "code"], name="roadnode_once")]


class RoadEdge(models.Model):
    """Road from node to node 路段: its length and class; both ways unless it is one-way."""

    id = models.BigIntegerField(primary_key=True)
    road_map = models.ForeignKey(RoadMap, on_delete=models.PROTECT, related_name="edges")
    code = models.CharField(max_length=32)
    tail = models.ForeignKey(RoadNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    head = models.ForeignKey(RoadNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    length_m = models.IntegerField()
    road_class = models.CharField(max_length=8)
    is_one_way = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["road_map", "code"], name="roadedge_once"),
            models.CheckConstraint(
                condition=Q(road_class__in=[str(one) for one in RoadClass]), name="roadedge_class_known"
            ),
            models.CheckConstraint(condition=Q(length_m__gte=0), name="roadedge_has_length"),
        ]


class Settlement(models.Model):
    """Settlement 居民点: a natural village or an estate, its people and customers, and the administrative village (行政村) it
    belongs to."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    village = models.CharField(max_length=32)
    area = models.CharField(max_length=8)
    longitude_e6 = models.IntegerField()
    latitude_e6 = models.IntegerField()
    people = models.IntegerField()
    customers = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__in=[str(one) for one in SettlementArea]), name="settlement_area_known"
            ),
            models.CheckConstraint(condition=Q(people__gte=0, customers__gte=0), name="settlement_counts_positive"),
        ]
        indexes = [models.Index(fields=["unit", "code"], name="settlement_by_unit")]


class PaymentCircle(models.Model):
    """Payment circle 缴费圈测算 of a unit on a day, or of a scenario: who reaches an outlet within so many minutes."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    road_map = models.ForeignKey(RoadMap, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    name = models.CharField(max_length=64, blank=True, help_text="of a scenario; empty: as it is")
    minutes = models.SmallIntegerField()
    outlets = models.IntegerField()
    people = models.IntegerField()
    people_inside = models.IntegerField()
    customers = models.IntegerField()
    customers_inside = models.IntegerField()
    at_most = models.IntegerField(help_text="people whom as many next points could bring inside at most")
    villages = models.IntegerField()
    villages_without = models.IntegerField()
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(people_inside__lte=F("people"), customers_inside__lte=F("customers")),
                name="paymentcircle_inside_is_part",
            ),
        ]
        indexes = [models.Index(fields=["unit", "on"], name="paymentcircle_by_unit")]


class CircleChange(models.Model):
    """What a scenario changes 情景变更: an outlet closed, or a point added at a settlement."""

    id = models.BigAutoField(primary_key=True)
    circle = models.ForeignKey(PaymentCircle, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in ChangeKind]), name="circlechange_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outlet__isnull=True) | Q(settlement__isnull=True), name="circlechange_of_one"
            ),
        ]


class CircleReach(models.Model):
    """A settlement in a circle 居民点到网点: seconds to its nearest outlet (null: no way leads to one), which that is (null of a
    scenario's new point), and what serves its village."""

    id = models.BigAutoField(primary_key=True)
    circle = models.ForeignKey(PaymentCircle, on_delete=models.PROTECT, related_name="reaches")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="+")
    people = models.IntegerField()
    customers = models.IntegerField()
    seconds = models.IntegerField(null=True)
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+")
    is_inside = models.BooleanField()
    served_by = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "settlement"], name="circlereach_once"),
            models.CheckConstraint(
                condition=Q(served_by__in=[str(one) for one in ServedBy]), name="circlereach_served_known"
            ),
        ]


class CirclePoint(models.Model):
    """A place for a next point 建议新增点: in order, at which settlement, and the people it brings inside beyond those before."""

    id = models.BigAutoField(primary_key=True)
    circle = models.ForeignKey(PaymentCircle, on_delete=models.PROTECT, related_name="points")
    place = models.SmallIntegerField()
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="+")
    people = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circle", "place"], name="circlepoint_in_order")]
