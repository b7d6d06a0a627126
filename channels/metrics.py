"""Counters for Prometheus, in a registry of our own; labels never hold anything that a stranger can choose."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class GatewayMetrics:
    """Everything the gateway counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.webhooks = Counter(
            "govchat_webhooks_total",
            "Webhook requests by outcome: accepted, probe, bad_signature, malformed, too_large, store_unavailable",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.events = Counter(
            "govchat_events_total",
            "Events by outcome: new, duplicate, full, unagreed, stale, malformed",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.ignored = Counter(
            "govchat_events_ignored_total",
            "Events that got no answer, by the platform's name of them",
            ["channel", "kind"],
            registry=self.registry,
        )
        self.questions = Counter(
            "govchat_api_requests_total",
            "Requests to /api/v1/answers by HTTP status",
            ["status"],
            registry=self.registry,
        )
        self.announcements = Counter(
            "govchat_announcements_total",
            "Requests to POST /api/v1/documents by HTTP status",
            ["status"],
            registry=self.registry,
        )
        self.turns = Counter(
            "govchat_turns_total",
            "Events answered, by status of the last reply",
            ["channel", "status"],
            registry=self.registry,
        )
        self.turn_retries = Counter(
            "govchat_turn_retries_total",
            "Turns that will be tried again, by error",
            ["error"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "govchat_turn_seconds",
            "Seconds from claiming an event to its replies in the outbox",
            registry=self.registry,
        )
        self.sends = Counter(
            "govchat_sends_total",
            "Attempts to send by outcome: sent, retried, dead",
            ["channel", "outcome"],
            registry=self.registry,
        )
        self.alerts = Counter(
            "govchat_send_alerts_total",
            "What an operator must act on: renew_token, stop_channel, policy, and alarms about tokens by name",
            ["channel", "reaction"],
            registry=self.registry,
        )
        self.upkeep = Counter(
            "govchat_upkeep_total",
            "Checks of a Page's token and subscription, by what they found",
            ["job", "outcome"],
            registry=self.registry,
        )
        self.widget = Counter(
            "govchat_widget_requests_total",
            "Requests to the widget's addresses: messages, events, feedback, conversation, form",
            ["route", "status"],
            registry=self.registry,
        )
        self.feedback = Counter(
            "govchat_widget_feedback_total",
            "Answers that people found useful, or not",
            ["useful"],
            registry=self.registry,
        )
        self.streams = Gauge(
            "govchat_widget_streams",
            "Pages that wait for answers now",
            registry=self.registry,
        )
        self.depth = Gauge(
            "govchat_open_work",
            "Work that waits: inbox, outbox, dead",
            ["queue"],
            registry=self.registry,
        )

    def count_upkeep(self, job: str, outcome: str) -> None:
        """Count what a job of upkeep found; both are from closed sets."""
        self.upkeep.labels(job, outcome).inc()

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)
