"""Shipments: what the HTTP API shows and changes."""
from flask import Blueprint, abort, g, jsonify, request

from .auth import require_user
from .db import connection

shipments = Blueprint("shipments", __name__)


def load_shipment(shipment_id):
    row = connection().execute(
        "SELECT id, account_id, status, address FROM shipments WHERE id = %s", (shipment_id,)
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
