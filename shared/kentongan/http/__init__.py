"""The HTTP edge that all services share.

    router = APIRouter(prefix="/kims", tags=["kims"])

    @router.put("/{kim_id}/profile", responses=documented(401, 403, 404, 409, 412, 428))
    async def set_profile(
        kim_id: str,
        body: SetProfile,  # a Payload
        command: Annotated[
            Commanding, Depends(commanding("kim.set-profile", Role.VILLAGE, overwrites=True))
        ],
    ) -> JSONResponse:
        command.caller.require_region(...)
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.get("", response_model=Page[KimShown])
    async def kims(
        query: Annotated[KimQuery, Query()],  # a PageQuery with the filters it knows
        caller: Annotated[Caller | None, Depends(public())],
    ) -> Page[KimShown]:
        found = await store.find(query.after_id(), limit=query.fetch)
        return query.page(found, show, lambda kim: (kim.id,))

Domain and storage errors are raised, never caught, in routes: the service's ProblemTable words
them.
"""

from kentongan.domain.errors import NotKnownYet
from kentongan.http.answers import answer, shown
from kentongan.http.application import API_PREFIX, create_application
from kentongan.http.auth.authenticator import Authenticator, authenticator
from kentongan.http.auth.callers import Caller, Role
from kentongan.http.auth.development_key import sign_development_token
from kentongan.http.decisions import DecisionShown, show_decisions
from kentongan.http.openapi.documented import documented
from kentongan.http.problems.refusals import ForeignRegion, NotOwn, Refusal, WrongRole
from kentongan.http.problems.texts import ProblemTable, ProblemText
from kentongan.http.requests.commanding import Commanding, commanding, public, reading
from kentongan.http.requests.paging import Page, PageQuery, make_cursor, read_cursor
from kentongan.http.requests.payload import Payload

__all__ = [
    "API_PREFIX",
    "Authenticator",
    "Caller",
    "Commanding",
    "DecisionShown",
    "ForeignRegion",
    "NotKnownYet",
    "NotOwn",
    "Page",
    "PageQuery",
    "Payload",
    "ProblemTable",
    "ProblemText",
    "Refusal",
    "Role",
    "WrongRole",
    "answer",
    "authenticator",
    "commanding",
    "create_application",
    "documented",
    "make_cursor",
    "public",
    "read_cursor",
    "reading",
    "show_decisions",
    "shown",
    "sign_development_token",
]
