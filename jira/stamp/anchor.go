package stamp

import "latchkey/jira/adf"

// Keys of the properties that the log's anchors stand under: on a comment for those
// that stay, on the issue for the newest, which the next one replaces.
const (
	AnchorProperty = "latchkey.heads"
	HeadProperty   = "latchkey.head"
)

// AnchorMark begins the id of every issue that holds anchors, whatever log they are
// of. It is found in the summary.
const AnchorMark = "LK-ANCHORS-"

// AnchorComment makes the body of a comment that holds an anchor, for agents.
func AnchorComment(id string, text adf.Document, post any) map[string]any {
	body := Comment(Stamp{ID: id, Audience: Agents}, text)
	props, _ := body["properties"].([]Property)
	body["properties"] = append(props, Property{AnchorProperty, post})
	return body
}
