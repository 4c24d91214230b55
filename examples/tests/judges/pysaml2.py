"""pysaml2 (PyPI, with Debian's xmlsec1) as a service provider: accepts a response, or says why not.

    pysaml2.py accept SETTINGS.json RESPONSE.b64 IDP.xml  prints what it made of it as JSON; status 0 accepted, 3 refused
    pysaml2.py metadata IDP.xml                           prints what it reads of an identity provider's metadata as JSON
"""

import json
import shutil
import sys

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS


def client(settings, idp):
    config = SPConfig()
    config.load(
        {
            "entityid": settings["sp"],
            "xmlsec_binary": shutil.which("xmlsec1"),
            "metadata": {"local": [idp]},
            # Attributes that no map names are kept under their own names.
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(settings["acs"], BINDING_HTTP_POST)]},
                    "want_response_signed": settings["response_signed"],
                    "want_assertions_signed": settings["assertion_signed"],
                    "allow_unsolicited": settings["in_response_to"] is None,
                    "name_id_format": [NAMEID_FORMAT_EMAILADDRESS],
                }
            },
        }
    )
    return Saml2Client(config)


def accept(settings_file, response_file, idp):
    with open(settings_file) as file:
        settings = json.load(file)
    with open(response_file) as file:
        response = file.read().strip()
    outstanding = {settings["in_response_to"]: "/"} if settings["in_response_to"] else {}
    try:
        parsed = client(settings, idp).parse_authn_request_response(response, BINDING_HTTP_POST, outstanding)
        answer = {"name_id": parsed.name_id.text, "attributes": parsed.ava}
    except Exception as error:  # Each of its checks has an exception of its own.
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 3
    print(json.dumps(answer))
    return 0


def metadata(idp):
    settings = {"sp": "urn:example:sp", "acs": "https://sp.example.com/acs", "response_signed": True, "assertion_signed": True, "in_response_to": None}
    store = client(settings, idp).metadata
    (entity,) = store.with_descriptor("idpsso")
    url = lambda binding: store.single_sign_on_service(entity, binding)[0]["location"]
    certificates = ["".join(text.split()) for _, text in store.certs(entity, "idpsso", "signing")]
    print(json.dumps({"entity_id": entity, "redirect": url(BINDING_HTTP_REDIRECT), "post": url(BINDING_HTTP_POST), "certificates": certificates}))
    return 0


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit({"accept": accept, "metadata": metadata}[command](*arguments))
