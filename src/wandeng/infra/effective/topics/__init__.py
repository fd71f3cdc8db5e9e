"""The schemas of the rule files, one class a topic; the registry is the list of topics that may have a folder."""

from __future__ import annotations

from wandeng.infra.effective.topics.appointments import Appointments
from wandeng.infra.effective.topics.arrears import BackBilling, BreachAndTheft, LateFee
from wandeng.infra.effective.topics.bank_files import BankFiles
from wandeng.infra.effective.topics.books import ChartOfAccounts
from wandeng.infra.effective.topics.calendars import SharpDays, WorkingDays
from wandeng.infra.effective.topics.community_boards import CommunityBoardRule
from wandeng.infra.effective.topics.components import (
    AgentPurchase,
    BillItems,
    Catalogue,
    FeedIn,
    Funds,
    Transmission,
)
from wandeng.infra.effective.topics.conventions import BillChecks, BillingTerms, Losses, RatingConventions, TwoPart
from wandeng.infra.effective.topics.conversations import Conversations
from wandeng.infra.effective.topics.dunning import Dunning
from wandeng.infra.effective.topics.duties import RoleConflicts
from wandeng.infra.effective.topics.emergency import Emergency
from wandeng.infra.effective.topics.hall_queue import HallQueueRule
from wandeng.infra.effective.topics.line_loss import LineLoss
from wandeng.infra.effective.topics.money import PaymentAllocation
from wandeng.infra.effective.topics.notices import Notices
from wandeng.infra.effective.topics.outage_months import OutageMonths
from wandeng.infra.effective.topics.outage_planning import OutagePlanning
from wandeng.infra.effective.topics.outage_running import OutageRunning
from wandeng.infra.effective.topics.outage_telling import OutageTelling
from wandeng.infra.effective.topics.outbound_calls import OutboundCalls
from wandeng.infra.effective.topics.payment_circle import PaymentCircleRule
from wandeng.infra.effective.topics.plans import PricePlans
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.infra.effective.topics.prepay import Prepay
from wandeng.infra.effective.topics.rationing import Rationing
from wandeng.infra.effective.topics.reliability import ReliabilityStandards
from wandeng.infra.effective.topics.repairs import Repairs, WorkPermits
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.topics.self_service import SelfService
from wandeng.infra.effective.topics.service import ApplianceCompensation, Reliability, SupplyCompensation, Voltage
from wandeng.infra.effective.topics.service_limits import ServiceLimits
from wandeng.infra.effective.topics.supply import Disconnection, Reconnection
from wandeng.infra.effective.topics.supply_changes import SupplyChanges
from wandeng.infra.effective.topics.text_service import TextService
from wandeng.infra.effective.topics.time_of_use import TimeOfUse
from wandeng.infra.effective.topics.voice_menu import VoiceMenu
from wandeng.infra.effective.topics.voltage_monitoring import VoltageMonitoring
from wandeng.infra.effective.values import TopicModel

TOPICS: dict[str, type[TopicModel]] = {
    model.topic_name: model
    for model in (
        AgentPurchase,
        ApplianceCompensation,
        Appointments,
        BackBilling,
        BankFiles,
        BillChecks,
        BillItems,
        BillingTerms,
        BreachAndTheft,
        Catalogue,
        ChartOfAccounts,
        CommunityBoardRule,
        Conversations,
        Disconnection,
        Dunning,
        Emergency,
        FeedIn,
        Funds,
        LateFee,
        LineLoss,
        Losses,
        Notices,
        OutageMonths,
        OutagePlanning,
        OutageRunning,
        OutageTelling,
        OutboundCalls,
        PaymentAllocation,
        HallQueueRule,
        PaymentCircleRule,
        PowerFactor,
        Prepay,
        PricePlans,
        RatingConventions,
        Rationing,
        Reconnection,
        Reliability,
        ReliabilityStandards,
        Repairs,
        Residential,
        RoleConflicts,
        SelfService,
        ServiceLimits,
        SharpDays,
        SupplyChanges,
        SupplyCompensation,
        TextService,
        TimeOfUse,
        Transmission,
        TwoPart,
        VoiceMenu,
        Voltage,
        VoltageMonitoring,
        WorkPermits,
        WorkingDays,
    )
}
