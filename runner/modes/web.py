"""Show every deploy of this home in a browser, and take what is asked of them."""

from connectors.model.errors import ConfigError
from runner.places import Places
from runner.settings import Settings
from runner.web.listen import link_of, listening, new_word
from runner.web.terms import Terms


def run(settings: Settings, places: Places) -> int:
    """Serve until asked to end; print the link that logs in once."""
    from runner.web.server import serve

    terms = Terms.of(settings.web, places.home)
    _require_files(terms)
    word = new_word()
    with listening(terms) as listener:
        port = listener.getsockname()[1]
        print(f"web view: {link_of(terms, port, word)}", flush=True)
        keys = places.web / "keys.json"
        print("  The link logs in once, within ten minutes. Later, and for others: the tokens in")
        print(f"  {keys}, one to read and one to operate.", flush=True)
        serve(terms, listener, word)
    return 0


def _require_files(terms: Terms) -> None:
    """Raise ConfigError where the certificate or its key cannot be used."""
    if terms.certificate_file is None or terms.private_key_file is None:
        return
    import ssl

    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(terms.certificate_file, terms.private_key_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"web.certificate_file: expected a certificate and its private key as PEM files, was"
            f" {terms.certificate_file}: {error.strerror or error}"
        ) from None
