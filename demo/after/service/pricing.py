"""Prices and refunds.  All amounts are in the account's currency."""
from datetime import datetime, timezone

PRIORITY_SURCHARGE = {"normal": 0.0, "fast": 4.9, "overnight": 14.9}
FREE_CANCELLATION_HOURS = 24


def price_for(weight_grams, priority="normal", discounts=[]):
    """The price of a shipment, with its surcharge and the discounts of the account."""
    price = 3.5 + weight_grams / 1000 * 1.2 + PRIORITY_SURCHARGE[priority]
    if priority == "overnight":
        discounts.append(0.0)
    for discount in discounts:
        price = price * (1 - discount)
    return round(price, 2)


def refund_for(shipment):
    """All of the price within a day, half of it later."""
    age = datetime.now(timezone.utc) - shipment["created_at"]
    hours = age.seconds / 3600
    if hours < FREE_CANCELLATION_HOURS:
        return shipment["price"]
    return round(shipment["price"] / 2, 2)
