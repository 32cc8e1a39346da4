"""The conversation: a LangGraph planner and its sub-agents, the offline chat model, the number check.

Tools are reached over MCP only (agent/toolbox.py); no chainlit, no database, no computing of figures here.
"""
