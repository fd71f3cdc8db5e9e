"""The API's own routes; those of the areas stand in the areas' modules, beside the pages' routes."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import EVERYBODY, Rule

POLICY = {
    "api:me": Rule(EVERYBODY),
    "api:openapi-json": Rule(EVERYBODY),
    "api:openapi-view": Rule(EVERYBODY),
    "api:api-root": Rule(EVERYBODY),
    # Arithmetic on what the caller sends, as on the page; it comes as a POST because a case is too long for an address.
    "api:calc": Rule(EVERYBODY, EVERYBODY),
}
