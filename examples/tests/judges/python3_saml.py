"""python3-saml (PyPI) as a strict service provider: accepts a response, or says why not.

    python3_saml.py accept SETTINGS.json RESPONSE.b64     prints what it made of it as JSON; status 0 accepted, 3 refused
    python3_saml.py metadata IDP.xml                      prints what it reads of an identity provider's metadata as JSON
"""

import json
import sys
from urllib.parse import urlsplit

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser
from onelogin.saml2.response import OneLogin_Saml2_Response as Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings as Settings


def accept(settings_file, response_file, _metadata=None):
    with open(settings_file) as file:
        given = json.load(file)
    settings = Settings(
        {
            "strict": True,
            "sp": {
                "entityId": given["sp"],
                "assertionConsumerService": {"url": given["acs"]},
                "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            },
            "idp": {"entityId": given["idp"], "singleSignOnService": {"url": given["idp"]}, "x509cert": given["certificate"]},
            "security": {
                "wantAssertionsSigned": given["assertion_signed"],
                "wantMessagesSigned": given["response_signed"],
                "wantNameId": True,
                "wantAttributeStatement": True,
                "rejectDeprecatedAlgorithm": True,
                "rejectUnsolicitedResponsesWithInResponseTo": True,
            },
        }
    )
    acs = urlsplit(given["acs"])
    with open(response_file) as file:
        response = Response(settings, file.read().strip())
    request = {"https": "on", "http_host": acs.netloc, "script_name": acs.path, "get_data": {}, "post_data": {}}
    if not response.is_valid(request, request_id=given["in_response_to"]):
        print(response.get_error(), file=sys.stderr)
        return 3
    print(json.dumps({"name_id": response.get_nameid(), "attributes": response.get_attributes()}))
    return 0


def metadata(file):
    with open(file, "rb") as opened:
        print(json.dumps(Parser.parse(opened.read())["idp"]))
    return 0


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit({"accept": accept, "metadata": metadata}[command](*arguments))
