package zuul

import "context"

// maxStopBytes bounds the payloads of stop and description jobs. Zuul describes a
// build in a few KiB of HTML.
const maxStopBytes = 256 << 10

// Stop serves stop:MANAGER, whose payload is {"name": …, "number": …}. It ends the
// context of every build with that number and that job's name; there may be two
// when Zuul has sent a job again after a lost connection. It does not wait for
// them, and completes whatever the payload says: a build that is not known any
// more has ended.
func (m *Manager) Stop(ctx context.Context, job Job) {
	defer m.done(ctx, job)
	name, number, ok := m.target(ctx, job)
	if !ok {
		return
	}
	log := m.log.With("job", oneLine(name), "unique", oneLine(number))
	if n := m.abort(name, number); n > 0 {
		log.InfoContext(ctx, "stopping, as Zuul asks", "builds", n)
		return
	}
	log.WarnContext(ctx, "asked to stop a build that is not running")
}

// SetDescription serves set_description:MANAGER, whose payload has an
// html_description too: what Zuul would show of a build elsewhere. There is no
// place for it here; it completes.
func (m *Manager) SetDescription(ctx context.Context, job Job) {
	defer m.done(ctx, job)
	if name, number, ok := m.target(ctx, job); ok {
		m.log.DebugContext(ctx, "description", "job", oneLine(name), "unique", oneLine(number))
	}
}

// target reads which build a job is about.
func (m *Manager) target(ctx context.Context, job Job) (name, number string, ok bool) {
	payload := job.Payload()
	if len(payload) > maxStopBytes {
		m.log.WarnContext(ctx, "a payload that is too long", "function", job.Function())
		return "", "", false
	}
	a := readArguments(payload)
	name, number = a.texts["name"], a.texts["number"]
	if number == "" {
		m.log.WarnContext(ctx, "a payload without a build's number", "function", job.Function())
		return "", "", false
	}
	return name, number, true
}

// done completes a job that nobody reads the answer of; Zuul forgets it then.
func (m *Manager) done(ctx context.Context, job Job) {
	if err := job.Complete(nil); err != nil {
		m.log.WarnContext(ctx, "a packet was not sent", "err", err)
	}
}
