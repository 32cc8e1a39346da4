"""Which channels and providers there are: everything beside this file that exports `CHANNEL` or `PROVIDER`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from operator import attrgetter

import connectors.channels
from connectors.channels.contract import AddressKind, Channel, Provider, ProviderSettings
from core.errors import FixArguments

__all__ = [
    "address_kinds",
    "carriers",
    "channel_named",
    "channel_title",
    "channels",
    "configured_for",
    "needed_for",
    "provider_for",
    "provider_title",
    "providers",
    "repeats",
]


def channels() -> Mapping[str, Channel]:
    """Every channel by its name."""
    return _members(tuple(connectors.channels.__path__))[0]


def providers() -> Mapping[str, Provider]:
    """Every provider by its name."""
    return _members(tuple(connectors.channels.__path__))[1]


def address_kinds() -> Mapping[str, AddressKind]:
    """The kinds of addresses of all channels, by name."""
    return {channel.address.name: channel.address for channel in channels().values()}


def channel_named(name: str) -> Channel:
    """The channel of that name; FixArguments lists those there are."""
    if name not in channels():
        raise FixArguments(f"There is no channel '{name}'.", field="channel", valid=list(channels()))
    return channels()[name]


def channel_title(name: str) -> str:
    """A channel's messages in words; of one that is not there any more, its name."""
    return channels()[name].title if name in channels() else name


def provider_title(name: str) -> str:
    """A provider in words; of one that is not there any more, its name."""
    return providers()[name].title if name in providers() else name


def repeats(name: str) -> bool:
    """Whether a provider takes a message that comes twice for one."""
    return name in providers() and providers()[name].repeats


def carriers(channel: Channel) -> list[Provider]:
    """Everybody who can carry this channel's messages, by name, the sandbox last."""
    able = [one for one in providers().values() if one.carries(channel)]
    return sorted(able, key=lambda one: (one.dry, one.name))


def configured_for(channel: Channel) -> list[tuple[Provider, ProviderSettings]]:
    """Those of them that the environment has settings of, with these."""
    ready = [(one, one.read_settings()) for one in carriers(channel)]
    return [(one, settings) for one, settings in ready if settings.configured]


def provider_for(channel: Channel) -> Provider:
    """Who carries messages of organisations that have set nobody: the first that is configured, else the sandbox."""
    return configured_for(channel)[0][0]


def needed_for(channel: Channel) -> str:
    """What has to be set for this channel's messages to leave the machine, in words; empty: nobody carries them."""
    return " or ".join(one.needs for one in providers().values() if one.needs and one.carries(channel))


@lru_cache(maxsize=8)
def _members(path: tuple[str, ...]) -> tuple[Mapping[str, Channel], Mapping[str, Provider]]:
    modules = [import_module(f"connectors.channels.{found.name}") for found in pkgutil.iter_modules(path)]
    bearers: list[Provider] = [module.PROVIDER for module in modules if hasattr(module, "PROVIDER")]
    declared: list[Channel] = [module.CHANNEL for module in modules if hasattr(module, "CHANNEL")]
    declared += [one.channel for one in bearers if one.channel is not None]
    name = attrgetter("name")
    return {c.name: c for c in sorted(declared, key=name)}, {p.name: p for p in sorted(bearers, key=name)}
