"""Prices and refunds."""
from datetime import datetime, timedelta, timezone

from .pricing import price_for, refund_for


def test_a_normal_shipment_costs_by_its_weight():
    assert price_for(1000) == 4.7


def test_priority_costs_more():
    assert price_for(1000, "fast") == 9.6
    assert price_for(1000, "overnight") == 19.6


def test_all_is_paid_back_within_a_day():
    created = datetime.now(timezone.utc) - timedelta(hours=3)
    assert refund_for({"created_at": created, "price": 9.6}) == 9.6
