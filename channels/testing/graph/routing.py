"""Who may answer a conversation, and which apps hear of a Page. Source: reference/messenger.md sections 2 and 6.7."""

from __future__ import annotations

from channels.testing.graph.calls import Asked, Bearer, GraphFault, own_page
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import FIELDS, INBOX_APP_ID, PageUser

SUCCESS = {"success": True}


def pass_control(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `POST /{page}/pass_thread_control`. Raises GraphFault when another app owns the conversation."""
    user = _user(scene, caller, asked)
    target = asked.text("target_app_id")
    if target not in {*scene.apps, INBOX_APP_ID}:
        raise GraphFault(100, None, "target_app_id")
    if user.owner not in (None, caller.app.app_id):
        raise GraphFault(10, 2018300, "Another app is controlling this thread now")
    scene.move(user, target, verb="pass_thread_control", metadata=asked.text("metadata"))
    return SUCCESS


def take_control(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `POST /{page}/take_thread_control`, which is for the Page's default app. Raises GraphFault."""
    user = _user(scene, caller, asked)
    if caller.page.default_app not in (None, caller.app.app_id):
        raise GraphFault(10, None, "Only the default app may take a thread")
    scene.move(user, caller.app.app_id, verb="take_thread_control", metadata=asked.text("metadata"))
    return SUCCESS


def request_control(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `POST /{page}/request_thread_control`: the owner is told. Raises GraphFault."""
    user = _user(scene, caller, asked)
    metadata = asked.text("metadata")
    scene.ask_for_control(user, caller.app.app_id, metadata=metadata)
    return SUCCESS


def owner(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `GET /{page}/thread_owner?recipient=…`; an idle conversation has no owner."""
    own_page(asked, caller)
    user = scene.known(caller.page.page_id, asked.text("recipient"))
    if user is None:
        raise GraphFault(100, 2018001, "No matching user found")
    if user.owner is None:
        return {"data": [{}]}
    return {"data": [{"thread_owner": {"app_id": user.owner}}]}


def subscriptions(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `GET /{page}/subscribed_apps`."""
    page = own_page(asked, caller)
    heard = {app_id: scene.subscription(app_id, page.page_id) for app_id in page.subscribed}
    apps = [{"id": app_id, "name": "govchat", "subscribed_fields": sorted(fields)} for app_id, fields in heard.items()]
    return {"data": [app for app in apps if app["subscribed_fields"]]}


def subscribe(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `POST /{page}/subscribed_apps?subscribed_fields=…`. Raises GraphFault for a field that there is not."""
    page = own_page(asked, caller)
    fields = frozenset(filter(None, asked.text("subscribed_fields").split(",")))
    if not fields or fields - FIELDS:
        raise GraphFault(100, None, "Param subscribed_fields must be one of the fields of a Page")
    scene.subscribe(caller.app.app_id, page.page_id, fields)
    return SUCCESS


def unsubscribe(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `DELETE /{page}/subscribed_apps`."""
    scene.subscribe(caller.app.app_id, own_page(asked, caller).page_id, frozenset())
    return SUCCESS


def _user(scene: GraphScene, caller: Bearer, asked: Asked) -> PageUser:
    own_page(asked, caller)
    recipient = asked.given.get("recipient")
    psid = str(recipient.get("id", "")) if isinstance(recipient, dict) else ""
    user = scene.known(caller.page.page_id, psid)
    if user is None:
        raise GraphFault(100, 2018001, "No matching user found")
    return user
