package jira

import "net/http"

func getTask(c *call) (reply, error) {
	t := c.s.tasks[c.vars["taskId"]]
	if t == nil {
		return reply{}, refuse(http.StatusNotFound, "The task was not found.")
	}
	return ok(t), nil
}
