"""The MCP door: a loop over the catalogue that makes each tool an MCP tool; fastmcp is imported only here.

Tools are never declared here, and tools that act on the world never appear.
"""
