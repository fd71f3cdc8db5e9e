"""The API: its address, its errors, its document. Areas add their operations to :data:`api`."""

from __future__ import annotations

import json
import pkgutil
from importlib import import_module
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from wandeng.interfaces import api as package
from wandeng.interfaces.api.json import Renderer
from wandeng.interfaces.doorway import errors
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.holding import Holding
from wandeng.kernel.errors import InvalidInput, NotFound, Refused

DESCRIPTION = """
万灯的接口：与网页相同的查询和操作。Amounts are integer fen (分), energy 0.01 kWh, prices 10⁻⁸ yuan, times RFC 3339 in UTC.

* **Authorization**: `Authorization: Bearer wd_…`; a token is made on the page *我的资料* or by `wandeng people token`.
* **/my** is for residents: a personal token `wm_…`, made on the page *我的数据* at `/my/data/`, reads what its owner holds, and opens nothing else.
* **Lists** are read by cursor: pass `next` of an answer as `cursor` of the next question.
* **Writes** take an `Idempotency-Key`: the same key and body again answers what the first one did, and does nothing.
* **Errors** are `application/problem+json` with a stable `code` and a `detail` in the language of `Accept-Language`.
"""


PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence in the language of the caller"},
        "code": {"type": "string", "description": "stable, for programs"},
        "faults": {"type": "array", "items": {"type": "object"}},
    },
}


FILES: dict[str, tuple[str, ...]] = {}
"""Operation id → media types, for operations that answer with a file."""


class Token(HttpBearer):
    """The bearer token. The middleware has looked it up; here it is only named for the document."""

    def __call__(self, request: HttpRequest) -> Asking | None:
        return request.asking  # type: ignore[attr-defined, no-any-return]

    def authenticate(self, request: HttpRequest, token: str) -> Asking | None:  # pragma: no cover
        return request.asking  # type: ignore[attr-defined, no-any-return]


class PersonalToken(HttpBearer):
    """The personal token of a resident, for what begins with ``/my``. The middleware has looked it up here too."""

    def __call__(self, request: HttpRequest) -> Holding | None:
        return getattr(request, "holding", None)

    def authenticate(self, request: HttpRequest, token: str) -> Holding | None:  # pragma: no cover
        return getattr(request, "holding", None)


class Api(NinjaAPI):
    """Its document names the problems that every operation may answer with."""

    def get_openapi_schema(self, **options: Any) -> Any:
        document = super().get_openapi_schema(**options)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        shown = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operation in (one for path in document["paths"].values() for one in path.values()):
            for status, title in errors.TITLES.items():
                if status < 500:
                    operation["responses"][str(status)] = {"description": str(title), "content": shown}
            if kinds := FILES.get(operation["operationId"]):
                file = {"schema": {"type": "string", "format": "binary"}}
                operation["responses"][200] = {
                    "description": "a file",
                    "content": dict.fromkeys(kinds, file),
                }
        _without_prefixes(document)
        return document


api = Api(
    title="Wandeng 万灯",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url="/docs",
    auth=Token(),
    renderer=Renderer(),
)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return errors.problem(request, refusal)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, _error: Http404) -> HttpResponse:
    return errors.problem(request, NotFound("there is no such thing"))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Where each fault lies and what was expected, beside the sentence."""
    answer = errors.problem(request, InvalidInput("the request is not of the expected form"))
    faults = [{"at": [str(part) for part in one["loc"]], "expected": one["msg"]} for one in error.errors]
    answer.content = json.dumps(json.loads(answer.content) | {"faults": faults}, ensure_ascii=False).encode()
    return answer


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses itself: a body that is not JSON, above all."""
    return errors.malformed(request, error)


def _without_prefixes(part: Any) -> None:
    """Say of a tuple that it is an array of so many values of these kinds: programs that make clients and tests from the
    document stumble over ``prefixItems``."""
    if isinstance(part, dict):
        kinds = part.pop("prefixItems", None)
        if kinds is not None:
            distinct = [kind for place, kind in enumerate(kinds) if kind not in kinds[:place]]
            part["items"] = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without_prefixes(inner)


def load() -> NinjaAPI:
    """The API with the operations of every area."""
    for module in pkgutil.iter_modules(package.__path__):
        if module.name not in {"app", "tests"}:
            import_module(f"{package.__name__}.{module.name}")
    _named_before_arguments(api.default_router.path_operations)
    return api


def _named_before_arguments(addresses: dict[str, Any]) -> None:
    """Put ``/orders/open`` before ``/orders/{number}``, and what takes the rest of an address behind all that is longer:
    the first address that fits answers, and its rule guards."""

    def rank(address: str) -> list[int]:
        parts = [2 if part.startswith("{path:") else int(part.startswith("{")) for part in address.split("/")]
        return [*parts, 3]

    ordered = sorted(addresses.items(), key=lambda one: rank(one[0]))
    addresses.clear()
    addresses.update(ordered)
