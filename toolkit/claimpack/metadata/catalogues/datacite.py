"""DataCite metadata as JSON, which DOIs are registered with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from claimpack.metadata.agents import Agent
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.licences import Licence
from claimpack.metadata.subject import Source, Subject
from claimpack.metadata.writing import filled, json_bytes

FILE = "datacite.json"
SCHEMA = "http://datacite.org/schema/kernel-4"
NAME_TYPES = {"person": "Personal", "organisation": "Organizational"}
OTHER = "Other"
CONTRIBUTORS = (
    "ContactPerson",
    "DataCollector",
    "DataCurator",
    "DataManager",
    "Distributor",
    "Editor",
    "HostingInstitution",
    "Producer",
    "ProjectLeader",
    "ProjectManager",
    "ProjectMember",
    "RegistrationAgency",
    "RegistrationAuthority",
    "RelatedPerson",
    "Researcher",
    "ResearchGroup",
    "RightsHolder",
    "Sponsor",
    "Supervisor",
    "WorkPackageLeader",
)
"""Types of contributors that DataCite knows, beside Other."""
_BY_ROLE = {re.sub("[^a-z]", "", name.lower()): name for name in CONTRIBUTORS}


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a DataCite resource. The DOI is left out where the descriptor has none."""
    _expect_whole(subject)
    day = subject.day
    assert day is not None
    if len(subject.publishers) > 1:
        tell(f"DataCite allows one publisher; {subject.publishers[0].name} was chosen")
    kinds = sorted({file.media_type for file in subject.release.data()})
    sizes = [file.bytes for file in subject.release.data() if file.bytes is not None]
    dates = [{"date": day.isoformat(), "dateType": "Issued"}]
    if subject.created:
        dates.append({"date": subject.created.isoformat(), "dateType": "Created"})
    return json_bytes(
        filled(
            {
                "doi": subject.doi,
                "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data Package"},
                "creators": [_named(agent) for agent in subject.creators],
                "titles": [{"title": subject.title}],
                "publisher": _publisher(subject.publishers[0]),
                "publicationYear": f"{day.year:04}",
                "dates": dates,
                "version": subject.version,
                "url": subject.homepage,
                "descriptions": _descriptions(subject.description),
                "subjects": [{"subject": word} for word in subject.keywords],
                "rightsList": [_rights(licence) for licence in subject.licences],
                "contributors": [_contributor(agent) for agent in subject.others],
                "relatedIdentifiers": [_related(item) for item in subject.sources if item.url],
                "sizes": [f"{sum(sizes)} bytes"] if sizes else [],
                "formats": kinds,
                "schemaVersion": SCHEMA,
            }
        )
    )


def _expect_whole(subject: Subject) -> None:
    lacks = [
        what
        for what, there in (
            ("a title or a name", subject.title),
            ("a contributor other than a publisher", subject.creators),
            ("a contributor with the role publisher", subject.publishers),
            ("a date of publication (created, or SOURCE_DATE_EPOCH)", subject.day),
        )
        if not there
    ]
    if lacks:
        raise LackingError(f"DataCite needs {', '.join(lacks)}")


def _named(agent: Agent) -> dict[str, Any]:
    """A person by `family, given` where both are known."""
    parts = f"{agent.family}, {agent.given}" if agent.family and agent.given else ""
    return filled(
        {
            "name": parts or agent.name,
            "nameType": NAME_TYPES.get(agent.kind or ""),
            "givenName": agent.given,
            "familyName": agent.family,
            "affiliation": [{"name": agent.affiliation}] if agent.affiliation else [],
            "nameIdentifiers": _identifiers(agent),
        }
    )


def _identifiers(agent: Agent) -> list[dict[str, str]]:
    for scheme, found, site in (
        ("ORCID", agent.orcid, "https://orcid.org/"),
        ("ROR", agent.ror, "https://ror.org/"),
    ):
        if found:
            return [
                {
                    "nameIdentifier": f"{site}{found}",
                    "nameIdentifierScheme": scheme,
                    "schemeUri": site,
                }
            ]
    return []


def _publisher(agent: Agent) -> dict[str, str]:
    if not agent.ror:
        return {"name": agent.name}
    return {
        "name": agent.name,
        "publisherIdentifier": f"https://ror.org/{agent.ror}",
        "publisherIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org/",
    }


def contributor_type(agent: Agent) -> str:
    """The type that one of the roles names, in whatever spelling; else Other."""
    plain = (re.sub("[^a-z]", "", role) for role in agent.roles)
    return next((_BY_ROLE[role] for role in plain if role in _BY_ROLE), OTHER)


def _contributor(agent: Agent) -> dict[str, Any]:
    return _named(agent) | {"contributorType": contributor_type(agent)}


def _descriptions(text: str) -> list[dict[str, str]]:
    return [{"description": text, "descriptionType": "Abstract"}] if text else []


def _rights(licence: Licence) -> dict[str, Any]:
    listed = {
        "rightsIdentifier": licence.spdx.lower(),
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": "https://spdx.org/licenses/",
    }
    return filled(
        {
            "rights": licence.label,
            "rightsUri": licence.url,
            **(listed if licence.spdx else {}),
        }
    )


def _related(source: Source) -> dict[str, str]:
    return {
        "relatedIdentifier": source.doi or source.url,
        "relatedIdentifierType": "DOI" if source.doi else "URL",
        "relationType": "IsDerivedFrom",
    }
