extension HelpTopic {
  static let integration = HelpTopic(
    name: "integration", summary: "Asking gates and checking keys from your application",
    text: """
      Your application starts billing and looks at the exit code: 0 yes, 3 no, anything else an
      error (let the request through or not, as you decide for your product; it is not a no). A call
      takes some milliseconds and needs neither key nor network. Run it on the machine that has the
      database, as the same user as the listener.

        billing gate check user-17 ai_requests --consume 1 --json
        billing apikey verify --json                    # the key on standard input
        billing usage record user-17 ai_requests 1 --id req-8841 --key-id key_AbCdEfGhIjKlMnOp

      In a shell:
        if billing gate check "$user" sso >decision.txt; then …; else …; fi
        printf %s "$key" | billing apikey verify --json

      In Python, and in any language that can start a process, without a shell in between:
        done = subprocess.run(["billing", "--json", "gate", "check", user, "sso"],
                              capture_output=True, timeout=5)
        allowed = done.returncode == 0
        reason = json.loads(done.stdout)["reason"] if done.returncode in (0, 3) else None

      A word that begins with - is an option: put -- before what comes from outside. Keys are never
      arguments, which other users of the machine can see.

        billing gate check --json -- "$user" sso

      Where thousands of requests come in a second, write them down and import them every minute:
      each id counts once, so that a file may be imported again.

        billing usage import requests.jsonl

      Use that is billed has to be told to Stripe before its period ends; from cron:
        billing usage report --ending-within 2h
      """)
}
