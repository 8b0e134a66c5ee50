"""Provide what providers over HTTP share: bounded exchanges, told apart from how they are sent.

``exchange`` has the requests and answers as values: what a provider asks and how it reads the answers is a generator
that yields the one and is sent the other, so blocking and awaited providers share it. ``transport`` sends them with
httpx, and holds what a hostile service may do: how much it answers, how slowly, and where it redirects to (nowhere).
``addresses`` tells whether an address that a service names is still the service's own. ``deadline`` ends requests whose
answers drip. ``faces`` are the blocking and the awaited provider of one set of decisions.
"""
