"""The OpenAPI document, made from the types of `wire`."""

from __future__ import annotations

from typing import Any

import msgspec

from qa import __version__
from qa.language import codes
from qa.rule import CATEGORIES
from qa.rules import registry
from qa.serve import wire

_REF = "#/components/schemas/{name}"
_ERRORS = {
    "400": "The request is not what the schema says.",
    "401": "No token or signature, or a wrong one.",
    "408": "The body came too slowly.",
    "413": "The body or a field is too large.",
    "500": "The checker failed on this text.",
    "503": "Too many requests wait, or the worker was lost: come again after Retry-After seconds.",
}


def document(*, guarded: bool = False) -> dict[str, Any]:
    """The document as JSON data; `guarded` says that a token or signature is wanted."""
    kinds = (wire.CheckRequest, wire.CheckResponse, wire.FixRequest, wire.FixResponse, wire.ErrorResponse)
    references, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    check_in, check_out, fix_in, fix_out, error = references
    for name in ("CheckRequest", "FixRequest", "Content"):
        components[name].update(_exactly_one_of("text", "html", "markdown", *_named(components[name])))
        components[name]["properties"].update(_known(components[name]["properties"]))
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "qa",
            "version": __version__,
            "description": "Finds and repairs the defects of raw machine translation, from the target text alone.",
        },
        "paths": {
            "/v1/check": {"post": _operation("check", "Find the defects of a document.", check_in, check_out, error)},
            "/v1/fix": {"post": _operation("fix", "Apply chosen repairs to a document.", fix_in, fix_out, error)},
            "/v1/policy": {"get": _lookup("policy", "The policy of the gate.", {"type": "object"}, error)},
            "/v1/rules": {"get": _lookup("rules", "The rules, explained.", {"type": "object"}, error)},
            "/v2/check": {"get": _v2_check("v2_check_get"), "post": _v2_check("v2_check", form=True)},
            "/v2/languages": {"get": _open("v2_languages", "Languages.", "application/json", {"type": "array"})},
            "/v2/info": {"get": _open("v2_info", "What the server is.", "application/json", {"type": "object"})},
            "/v2/healthcheck": {"get": _open("v2_healthcheck", "OK.", "text/plain", {"type": "string"}, "503")},
            "/v2/maxtextlength": {"get": _open("v2_maxtextlength", "Characters.", "text/plain", {"type": "string"})},
            "/healthz": {"get": _open("healthz", "The process lives.", "application/json", {"type": "object"})},
            "/readyz": {
                "get": _open("readyz", "It would take a request.", "application/json", {"type": "object"}, "503")
            },
        },
        "components": {"schemas": components},
    }
    if guarded:
        found["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"bearer": []}]
    return found


def _named(schema: dict[str, Any]) -> tuple[str, ...]:
    return ("fields",) if "fields" in schema["properties"] else ()


def _exactly_one_of(*names: str) -> dict[str, Any]:
    given = [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in names]
    return {"oneOf": given}


def _known(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties whose values depend on what this installation knows."""
    if "language" not in properties:
        return {}
    names = [*registry(), *CATEGORIES, *(f"category:{each}" for each in CATEGORIES)]
    rules = {"type": "array", "items": {"enum": sorted(set(names))}, "maxItems": wire.MOST_NAMES}
    null = {"type": "null"}
    return {
        "language": {"anyOf": [_text(f"^({_codes()})([-_][A-Za-z0-9]+)*$"), null], "default": None},
        "source_language": {"anyOf": [_text("^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$"), null], "default": None},
        "select": {"anyOf": [rules, null], "default": None},
        "ignore": {"anyOf": [rules, null], "default": None},
    }


def _codes() -> str:
    """A pattern of the known languages, in either case."""
    return "|".join("".join(f"[{letter}{letter.upper()}]" for letter in code) for code in codes())


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "maxLength": wire.LONGEST_TAG}


def _operation(name: str, summary: str, given: Any, answer: Any, error: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": given}}},
        "responses": {"200": _json("The answer.", answer), **_errors(error, _ERRORS)},
    }


def _lookup(name: str, summary: str, answer: Any, error: Any) -> dict[str, Any]:
    responses = {"200": _json(summary, answer), **_errors(error, {"401": _ERRORS["401"]})}
    return {"operationId": name, "summary": summary, "responses": responses}


def _open(name: str, summary: str, media: str, schema: Any, *others: str) -> dict[str, Any]:
    content = {media: {"schema": schema}}
    responses = {status: {"description": summary, "content": content} for status in ("200", *others)}
    return {"operationId": name, "summary": summary, "responses": responses}


def _v2_check(name: str, *, form: bool = False) -> dict[str, Any]:
    """The other protocol's check: its own documentation describes all parameters."""
    parameters = {
        "language": {
            **_text(f"^(auto|({_codes()})([-_][A-Za-z0-9]{{1,8}}){{0,4}})$"),
            "description": "A code, or auto.",
        },
        "text": {"type": "string", "description": "The text; instead, `data` may give pieces of text and markup."},
    }
    plain = {"text/plain": {"schema": {"type": "string"}}}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": "Check a text as LanguageTool's HTTP API does.",
        "responses": {
            "200": _json("The matches.", {"type": "object", "required": ["software", "language", "matches"]}),
            **{status: {"description": why, "content": plain} for status, why in _ERRORS.items()},
        },
    }
    if form:
        schema = {"type": "object", "properties": parameters, "required": ["language", "text"]}
        content = {"application/x-www-form-urlencoded": {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    else:
        operation["parameters"] = [
            {"name": name, "in": "query", "required": True, "schema": schema} for name, schema in parameters.items()
        ]
    return operation


def _json(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _errors(error: Any, statuses: dict[str, str]) -> dict[str, Any]:
    return {status: _json(why, error) for status, why in statuses.items()}
