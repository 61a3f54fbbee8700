package rest

import (
	"strings"

	"latchkey/jira/adf"
)

// toDataCenter writes a call's body the way Data Center reads it.
func toDataCenter(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "doc" {
			return strings.TrimSpace(adf.Wiki(v))
		}
		out := map[string]any{}
		for key, value := range v {
			switch key {
			case "isAdfRequest":
			case "accountId":
				out["name"] = value
			default:
				out[key] = toDataCenter(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = toDataCenter(v[i])
		}
		return out
	default:
		return v
	}
}

// fromDataCenter reads an answer of Data Center as if Cloud had given it: people
// have an account id, which is their name, and comments are documents.
func fromDataCenter(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = fromDataCenter(value)
		}
		_, person := v["displayName"]
		if name, ok := v["name"].(string); ok && person && v["accountId"] == nil {
			v["accountId"], v["accountType"] = name, "atlassian"
		}
		if text, ok := v["body"].(string); ok && v["author"] != nil {
			v["body"] = adf.FromWiki(text)
		}
		return v
	case []any:
		for i := range v {
			v[i] = fromDataCenter(v[i])
		}
		return v
	default:
		return v
	}
}
