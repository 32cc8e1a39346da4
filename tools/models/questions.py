"""How people ask how good a model is."""

from __future__ import annotations

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

_MODELS = (
    ("vectors", r"vector|embedding|similar|behaviou?r"),
    ("value_posterior", r"posterior|bayesian|convergen|chains"),
    ("value", r"value|clv|ltv|worth|purchase"),
)


def report(slots: Slots, _scene: Scene) -> list[Call]:
    """How one of the models was chosen and how good it was."""
    model = next((name for name, words in _MODELS if slots.has(rf"\b(?:{words})")), "churn")
    return [Call("model_report", {"model": model})]


REPORT = Request(
    "model_report",
    """
        how good is the value model | model report | how accurate is the lifetime value model | parameters of BG/NBD |
        report on the vectors model | do the vectors beat the features | how good are the similarity vectors |
        how reliable is the predicted value | show me the posterior of customer value | did the chains converge |
        do the chains agree |
        accuracy of the value model | accuracy of the clv predictions | error of the lifetime value model |
        how far off are the value predictions | how far off is the predicted value usually | report on the value model |
        backtest of the lifetime value model | was the clv model tested on later data | parameters of the value model |
        can I trust the lifetime values | can we trust the predicted customer value | mean error of the 12-month value |
        is the value forecast per customer reliable | how precise are the next purchase dates | value modl quality |
        how good are the next purchase predictions | quality of the next purchase model | which value model was chosen |
        which model computes the lifetime value | does the value model beat the simple rule | report of the posterior |
        coverage of the value intervals | show the value model comparison | report about the clv model |
        how was the ltv model validated | tell me how the customer value model was chosen | quality of the embeddings |
        how well do the vectors work | are the behavioural vectors any good | quality of the customer embeddings |
        do the embeddings help at all | are the vectors used for anything | what are the vectors used for |
        did the transformer beat the plain features | is the similarity between customers reliable |
        how trustworthy are the lookalikes | evaluation of the vectors | did the posterior converge |
        r-hat of the value posterior | divergences in the bayesian fit | effective sample size of the posterior |
        how certain is the bayesian value model | diagnostics of the bayesian model | did the bayesian fit converge |
        is model for customer worth exact | could you show how the value predictions did on a later period |
        how good are the value predictions | quality of the predicted lifetime value | evaluation of the value model |
        are the posterior chains ok | how good is the lookalike model | how exact is the predicted next purchase |
        diagnostics of the posterior | did the value model converge | how reliable are the next purchase dates |
        how sure are you about the lifetime values | how far can I trust the clv | how certain is the predicted value
    """,
    report,
    near_misses="""
        which language model are you | model of our new car | 3D model of the lamp | model agency | role model |
        business model canvas | data model of the warehouse |
        how accurate are the attribution weights | report on the fashion models | which models does OpenAI offer |
        train a model on my own Python code | download the model weights | property value report |
        vector graphics of the logo
    """,
)
