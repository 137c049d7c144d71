"""Shipments: what the HTTP API shows and changes."""
from flask import Blueprint, abort, g, jsonify, request

from .auth import require_user
from .db import connection
from .pricing import refund_for

shipments = Blueprint("shipments", __name__)

SORT_COLUMNS = {"id", "status", "created_at", "priority"}


def load_shipment(shipment_id):
    row = connection().execute(
        "SELECT id, account_id, status, address, price, priority FROM shipments WHERE id = %s",
        (shipment_id,),
    ).fetchone()
    if row is None:
        abort(404)
    return row


@shipments.get("/shipments/<int:shipment_id>")
@require_user
def show(shipment_id):
    shipment = load_shipment(shipment_id)
    if shipment["account_id"] != g.user.account_id:
        abort(404)
    return jsonify(shipment)


@shipments.get("/shipments")
@require_user
def index():
    rows = connection().execute(
        "SELECT id, status, address FROM shipments WHERE account_id = %s ORDER BY id DESC LIMIT 50",
        (g.user.account_id,),
    ).fetchall()
    return jsonify(rows)


@shipments.get("/shipments/search")
@require_user
def search():
    """Finds shipments by a part of their address, newest first unless asked otherwise."""
    text = request.args.get("q", "")
    sort = request.args.get("sort", "created_at")
    limit = int(request.args.get("limit", "50"))
    if sort not in SORT_COLUMNS:
        abort(400)
    query = (
        "SELECT id, status, address, priority FROM shipments "
        f"WHERE account_id = {g.user.account_id} AND address ILIKE '%{text}%' "
        f"ORDER BY {sort} DESC LIMIT {limit}"
    )
    rows = connection().execute(query).fetchall()
    for row in rows:
        row["events"] = connection().execute(
            "SELECT kind, created_at FROM events WHERE shipment_id = %s ORDER BY created_at",
            (row["id"],),
        ).fetchall()
    return jsonify(rows)


@shipments.post("/shipments/<int:shipment_id>/cancel")
@require_user
def cancel(shipment_id):
    """Cancels a shipment that has not left yet and pays back what is due."""
    shipment = load_shipment(shipment_id)
    if shipment["status"] in ("delivered", "cancelled"):
        abort(409)
    refund = refund_for(shipment)
    connection().execute("UPDATE shipments SET status = 'cancelled' WHERE id = %s", (shipment_id,))
    connection().execute(
        "INSERT INTO refunds (shipment_id, amount) VALUES (%s, %s)", (shipment_id, refund)
    )
    return jsonify({"refund": refund})
