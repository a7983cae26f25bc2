"""Patterns and observations made by a seeded chance: what a CIRT receives, and what its logs hold."""

from collections.abc import Callable
from random import Random

Json = dict[str, object]
DAY = "2026-11-23T"
TOP = ("example", "test", "invalid", "example.org")

SLIPS = ("'", "\\", "[", "]", "(", ")", " AND ", " OR ", "NOT ", "=", "!=", "<", ">=", "0", ".", "-", "true", "//",
         "/*", "[*]", "[0]", " ", "h'0a'", "b'AQI='", "t'2026-11-23T10:00:00Z'", " IN ", " LIKE ", " EXISTS ",
         "ISSUBSET", " FOLLOWEDBY ", "REPEATS 2 TIMES", "WITHIN 5 SECONDS", "+1", "1.5", ":", "x", "\n", "é",
         ",")  # fmt: skip


class Made:
    """One seeded source of patterns and observations that now and then meet."""

    def __init__(self, seed: int, names: int = 4_000) -> None:
        """Take the seed, and how many different hosts, files and addresses there are."""
        self.chance = Random(seed)
        self.names = names

    def number(self) -> int:
        """Draw one of the names; low ones more often, as in real traffic."""
        return int(self.names * self.chance.random() ** 2)

    def v4(self) -> str:
        """Draw an address."""
        number = self.number()
        return f"10.{number >> 12 & 15}.{number >> 4 & 255}.{number & 15}"

    def domain(self) -> str:
        """Draw a domain's name."""
        number = self.number()
        return f"h{number}.d{number % 97}.{TOP[number % len(TOP)]}"

    def url(self) -> str:
        """Draw a web address."""
        number = self.number()
        return f"http://{self.domain()}/p{number % 61}/f{number}.{('php', 'exe', 'js')[number % 3]}"

    def sha256(self) -> str:
        """Draw a file's hash."""
        return f"{self.number() * 2654435761 % (1 << 64):064x}"

    def name(self) -> str:
        """Draw a file's name."""
        number = self.number()
        return f"f{number}.{('exe', 'dll', 'doc', 'js')[number % 4]}"

    def time(self) -> str:
        """Draw a time of one day, to the second."""
        second = self.chance.randrange(86_400)
        return f"{DAY}{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"

    def comparison(self) -> str:
        """Make one comparison, in the shares in which they are shared."""
        draw = self.chance.random()
        for share, make in _COMPARISONS:
            draw -= share
            if draw < 0:
                return make(self)
        return f"domain-name:value = '{self.domain()}'"

    def brackets(self) -> str:
        """Make one observation expression."""
        draw = self.chance.random()
        if draw < 0.8:  # noqa: PLR2004 shares are numbers
            return f"[{self.comparison()}]"
        if draw < 0.9:  # noqa: PLR2004 as above
            return f"[{self.comparison()} OR {self.comparison()}]"
        return f"[file:name = '{self.name()}' AND file:size > {self.chance.randrange(10_000)}]"

    def pattern(self) -> str:
        """Make a pattern: nine in ten have one pair of brackets."""
        draw = self.chance.random()
        if draw < 0.9:  # noqa: PLR2004 as above
            return self.brackets()
        pair = (self.brackets(), self.brackets())
        window = f"WITHIN {self.chance.randrange(600)}.5 SECONDS"
        forms = (f"{pair[0]} AND {pair[1]}", f"{pair[0]} FOLLOWEDBY {pair[1]}", f"({pair[0]} AND {pair[1]}) {window}",
                 f"{pair[0]} OR {pair[1]}", f"{pair[0]} REPEATS 2 TIMES {window}",
                 f"{pair[0]} START t'{DAY}06:00:00Z' STOP t'{DAY}18:00:00Z'")  # fmt: skip
        return self.chance.choice(forms)

    def garbled(self) -> str:
        """Make a pattern with up to two slips of the pen in it."""
        pattern = self.pattern()
        for _ in range(self.chance.randrange(3)):
            place = self.chance.randrange(len(pattern) + 1)
            pattern = pattern[:place] + self.chance.choice(SLIPS) + pattern[place + self.chance.choice((0, 0, 1, 2)) :]
        return pattern

    def observables(self) -> list[Json]:
        """Make what one line of a log tells, as cyber observables."""
        draw = self.chance.random()
        if draw < 0.5:  # noqa: PLR2004 as above
            ends = [self._of("ipv4-addr", value=self.v4()) for _ in range(2)]
            return [*ends, self._of("network-traffic", src_ref=ends[0]["id"], dst_ref=ends[1]["id"], protocols=["tcp"],
                                    src_port=self.chance.randrange(1024, 65536), dst_port=self._port(),
                                    src_byte_count=self.chance.randrange(100_000))]  # fmt: skip
        if draw < 0.75:  # noqa: PLR2004 as above
            return [self._of("domain-name", value=self.domain())]
        if draw < 0.9:  # noqa: PLR2004 as above
            return [self._of("url", value=self.url()), self._of("domain-name", value=self.domain())]
        return [self._of("file", name=self.name(), size=self.chance.randrange(20_000),
                         hashes={"SHA-256": self.sha256()})]  # fmt: skip

    def bundle(self) -> Json:
        """Make one observed-data object with its observables, in a bundle."""
        inside = self.observables()
        at = self.time()
        data = {"type": "observed-data", "spec_version": "2.1", "id": f"observed-data--{self._uuid()}",
                "created": at, "modified": at, "first_observed": at, "last_observed": at, "number_observed": 1,
                "object_refs": [one["id"] for one in inside]}  # fmt: skip
        return {"type": "bundle", "id": f"bundle--{self._uuid()}", "objects": [data, *inside]}

    def _of(self, kind: str, **members: object) -> Json:
        return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{self._uuid()}", **members}

    def _uuid(self) -> str:
        digits = f"{self.chance.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def _port(self) -> int:
        return self.chance.choice((53, 80, 443, 443, 443, 8080, self.chance.randrange(65536)))


_COMPARISONS: tuple[tuple[float, Callable[[Made], str]], ...] = (
    (0.30, lambda made: f"ipv4-addr:value = '{made.v4()}'"),
    (0.15, lambda made: f"domain-name:value = '{made.domain()}'"),
    (0.15, lambda made: f"url:value = '{made.url()}'"),
    (0.15, lambda made: f"file:hashes.'SHA-256' = '{made.sha256()}'"),
    (0.04, lambda made: f"domain-name:value IN ('{made.domain()}', '{made.domain()}', '{made.domain()}')"),
    (0.03, lambda made: f"domain-name:value LIKE '%.{made.domain()}'"),
    (0.03, lambda made: f"url:value LIKE 'http://{made.domain()}/%'"),
    (0.02, lambda made: f"url:value LIKE '%/f{made.number()}.%'"),
    (0.03, lambda made: f"ipv4-addr:value ISSUBSET '{made.v4()}/{made.chance.randrange(24, 33)}'"),
    (0.02, lambda made: f"url:value MATCHES '/f{made.number()}\\\\.(php|exe)$'"),
    (0.01, lambda made: f"domain-name:value MATCHES '^h[0-9]+{made.number()}\\\\.d'"),
    (0.02, lambda made: f"network-traffic:dst_port = {made.chance.randrange(1024, 65536)}"),
    (0.02, lambda made: f"network-traffic:dst_ref.value = '{made.v4()}'"),
    (0.02, lambda made: f"network-traffic:src_byte_count > {made.chance.randrange(99_000, 100_000)}"),
)
