"""The ways in from outside: a NodePort for each service's `api`, as a test alone needs them."""

from typing import Any

NODE_PORTS = {"registry": 30081, "placement": 30082, "broadcast": 30083, "scoring": 30084}
KAFKA = "127.0.0.1:30094"


def addresses() -> dict[str, str]:
    """Base addresses by service."""
    return {name: f"http://127.0.0.1:{port}" for name, port in NODE_PORTS.items()}


def node_ports() -> list[dict[str, Any]]:
    """Services beside the chart's own, for the same pods."""
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": f"outside-{name}", "namespace": "kim"},
            "spec": {
                "type": "NodePort",
                "selector": {
                    "app.kubernetes.io/instance": "kentongan",
                    "app.kubernetes.io/component": name,
                    "kentongan/role": "api",
                },
                "ports": [{"port": 80, "targetPort": "http", "nodePort": port}],
            },
        }
        for name, port in NODE_PORTS.items()
    ]
