"""The time that the national files, the mails and the days of a night are in."""

from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
