package app

// HealthCheck is one thing that a health page, or latchkey health, looked at.
type HealthCheck struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`             // the bot does its own part
	Warn   bool   `json:"warn,omitempty"` // something is wrong all the same, which is no reason to take this bot out of service
	Detail string `json:"detail"`
}
