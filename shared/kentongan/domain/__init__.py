"""What every service's `domain/` is built on: a decision, a command's context, a refusal."""

from kentongan.domain.command import CommandContext, IdempotencyKey
from kentongan.domain.decision import Decision
from kentongan.domain.errors import DomainError, NotKnownYet

__all__ = ["CommandContext", "Decision", "DomainError", "IdempotencyKey", "NotKnownYet"]
