package slack

import "latchkey/sandbox/slack/kit"

// emptied takes what is listed out of an answer.
func emptied(body kit.Object) {
	for _, list := range []string{"channels", "members", "messages"} {
		if _, listed := body[list]; listed {
			body[list], body["response_metadata"] = []kit.Object{}, kit.Object{"next_cursor": ""}
		}
	}
}
