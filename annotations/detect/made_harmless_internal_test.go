package detect

import "fmt"

func harmlessColumns() []made {
	return []made{
		{"version", "", "", func(m *maker) string { return fmt.Sprintf("%d.%d.%d", m.IntN(9), m.IntN(20), m.IntN(99)) }},
		{"version of four numbers", "", "", func(m *maker) string {
			return fmt.Sprintf("%d.%d.%d.%d", 1+m.IntN(5), m.IntN(3), 1000+m.IntN(9000), m.IntN(200))
		}},
		{"version with a suffix", "", "", func(m *maker) string {
			return fmt.Sprintf("v%d.%d.%d-rc.%d+build", m.IntN(9), m.IntN(20), m.IntN(99), m.IntN(9))
		}},
		{"version of Debian", "", "", func(m *maker) string { return fmt.Sprintf("1:%d.%d-%d+deb12u1", m.IntN(20), m.IntN(9), m.IntN(9)) }},
		{"date", "", "", func(m *maker) string { return fmt.Sprintf("20%02d-%02d-%02d", m.IntN(25), 1+m.IntN(12), 1+m.IntN(28)) }},
		{"date DE", "", "", func(m *maker) string { return fmt.Sprintf("%02d.%02d.20%02d", 1+m.IntN(28), 1+m.IntN(12), m.IntN(25)) }},
		{"date US", "", "", func(m *maker) string { return fmt.Sprintf("%02d/%02d/20%02d", 1+m.IntN(12), 1+m.IntN(28), m.IntN(25)) }},
		{"date with slashes, short", "", "", func(m *maker) string { return fmt.Sprintf("%d/%d/%02d", 1+m.IntN(12), 1+m.IntN(28), m.IntN(25)) }},
		{"date and time", "", "", func(m *maker) string {
			return fmt.Sprintf("20%02d-%02d-%02dT%02d:%02d:%02d.%sZ", m.IntN(25), 1+m.IntN(12), 1+m.IntN(28), m.IntN(24), m.IntN(60), m.IntN(60), m.digits(6))
		}},
		{"date and time with a zone", "", "", func(m *maker) string {
			return fmt.Sprintf("20%02d-%02d-%02d %02d:%02d:%02d+0200", m.IntN(25), 1+m.IntN(12), 1+m.IntN(28), m.IntN(24), m.IntN(60), m.IntN(60))
		}},
		{"date of mail", "", "", func(m *maker) string {
			return fmt.Sprintf("%s, %02d %s 20%02d %02d:%02d:00 +0000", m.pick("Mon|Tue|Fri"), 1+m.IntN(28), m.pick("Jan|Feb|Oct"), m.IntN(25), m.IntN(24), m.IntN(60))
		}},
		{"date in words", "", "", func(m *maker) string {
			return fmt.Sprintf("%s %d, 20%02d", m.pick("January|March|October"), 1+m.IntN(28), m.IntN(25))
		}},
		{"time", "", "", func(m *maker) string { return fmt.Sprintf("%02d:%02d:%02d", m.IntN(24), m.IntN(60), m.IntN(60)) }},
		{"compact date and time", "", "", func(m *maker) string {
			return fmt.Sprintf("20%02d%02d%02d%02d%02d%02d", m.IntN(25), 1+m.IntN(12), 1+m.IntN(28), m.IntN(24), m.IntN(60), m.IntN(60))
		}},
		{"milliseconds", "bigint(20)", "", func(m *maker) string { return "16" + m.digits(11) }},
		{"duration", "", "", func(m *maker) string { return fmt.Sprintf("PT%dH%dM", m.IntN(24), m.IntN(60)) }},
		{"short hash of a commit", "", "", func(m *maker) string { return m.hex(4)[:7] }},
		{"digest with its algorithm", "", "", func(m *maker) string { return "sha256:" + m.hex(32) }},
		{"SKU", "", "", func(m *maker) string { return m.from("ABCDEFGH", 3) + "-" + m.digits(5) + "-" + m.pick("S|M|L|XL") }},
		{"status", "", "", func(m *maker) string { return m.pick("ACTIVE|PENDING|ERROR|deleted|in_progress|waiting-for-approval") }},
		{"status of two words", "", "", func(m *maker) string {
			return m.pick("In Progress|Not Started|On Hold|Closed Won|Closed Lost|Waiting For Approval")
		}},
		{"country", "", "", func(m *maker) string { return m.pick("DE|US|FR|GB|PL|TR|BR|JP") }},
		{"name of a country", "", "", func(m *maker) string {
			return m.pick("Germany|United States|France|Great Britain|Costa Rica|New Zealand|South Korea")
		}},
		{"language", "", "", func(m *maker) string { return m.pick("de-DE|en_US|fr-FR|zh-Hans|pt_BR") }},
		{"currency", "", "", func(m *maker) string { return m.pick("EUR|USD|GBP|JPY|PLN") }},
		{"time zone", "", "", func(m *maker) string {
			return m.pick("Europe/Berlin|America/New_York|UTC|Asia/Tokyo|America/Argentina/Buenos_Aires")
		}},
		{"size", "", "", func(m *maker) string { return fmt.Sprintf("%d.%d %s", m.IntN(1000), m.IntN(10), m.pick("KB|MB|GiB")) }},
		{"amount", "", "", func(m *maker) string { return fmt.Sprintf("%d.%02d", m.IntN(10000), m.IntN(100)) }},
		{"amount DE", "", "", func(m *maker) string { return fmt.Sprintf("%d.%03d,%02d €", m.IntN(100), m.IntN(1000), m.IntN(100)) }},
		{"percentage", "", "", func(m *maker) string { return fmt.Sprintf("%d.%d%%", m.IntN(100), m.IntN(10)) }},
		{"number", "", "", func(m *maker) string { return fmt.Sprint(m.IntN(1e9)) }},
		{"number of ten digits", "", "", func(m *maker) string { return "1" + m.digits(9) }},
		{"number of sixteen digits", "bigint(20)", "", func(m *maker) string { return "7" + m.digits(15) }},
		{"negative number", "", "", func(m *maker) string { return fmt.Sprint(-m.IntN(1e6)) }},
		{"number of an order", "", "", func(m *maker) string { return fmt.Sprintf("20%02d-%06d", m.IntN(25), m.IntN(1e6)) }},
		{"ISBN", "", "", func(m *maker) string {
			return "978-" + m.digits(1) + "-" + m.digits(4) + "-" + m.digits(4) + "-" + m.digits(1)
		}},
		{"EAN", "", "", func(m *maker) string { return "40" + m.digits(11) }},
		{"dimensions", "", "", func(m *maker) string { return fmt.Sprintf("%dx%d", 10*m.IntN(400), 10*m.IntN(300)) }},
		{"color", "", "", func(m *maker) string { return "#" + m.hex(3) }},
		{"MIME type", "", "", func(m *maker) string {
			return m.pick("text/html|application/json|image/png|application/vnd.ms-excel|multipart/form-data")
		}},
		{"file", "", "", func(m *maker) string { return "report_" + m.digits(4) + "." + m.pick("csv|pdf|xlsx|tar.gz") }},
		{"Python module", "", "", func(m *maker) string {
			return m.pick("nova.compute.api|django.contrib.auth|os.path|oslo_messaging.rpc.client")
		}},
		{"Java class", "", "", func(m *maker) string {
			return m.pick("org.springframework.Foo|java.util.concurrent.Future|com.acme.jobs.CleanupJob")
		}},
		{"migration", "", "", func(m *maker) string { return "00" + m.digits(2) + "_auto_20200101_" + m.digits(4) }},
		{"permission", "", "", func(m *maker) string {
			return m.pick("auth.add_user|auth.delete_user|blog.change_post|compute:get_all")
		}},
		{"URN", "", "", func(m *maker) string {
			return m.pick("urn:ietf:params:scim|urn:oasis:names:tc|http://www.w3.org/2001/XMLSchema")
		}},
		{"cron", "", "", func(m *maker) string { return fmt.Sprintf("%d %d * * %s", m.IntN(60), m.IntN(24), m.pick("*|1-5|0")) }},
		{"boolean", "", "", func(m *maker) string { return m.pick("true|false|Y|N") }},
		{"constant", "", "", func(m *maker) string {
			return m.pick("MAX_RETRIES_EXCEEDED|CONNECTION_TIMEOUT|USER_NOT_FOUND_EXCEPTION|ORDER_SHIPPED_EVENT")
		}},
		{"word", "", "", func(m *maker) string { return m.pick("alpha|beta|gamma|delta") + m.digits(2) }},
		{"slug", "", "", func(m *maker) string {
			return m.pick("how-to-install|release-notes|getting-started-guide") + "-" + m.digits(2)
		}},
		{"CSS class", "", "", func(m *maker) string { return m.pick("btn btn-primary|nav nav-tabs|col-md-6|fa fa-user") }},
		{"list of numbers", "", "", func(m *maker) string { return fmt.Sprintf("%d,%d,%d", m.IntN(99), m.IntN(99), m.IntN(99)) }},
		{"list of words", "", "", func(m *maker) string { return "read,write," + m.pick("admin|list|none") }},
		{"ULID", "", "", func(m *maker) string { return "01H" + m.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 5) }},
		{"ratio", "", "", func(m *maker) string { return m.pick("16:9|4:3|1:1") }},
		{"scale", "", "", func(m *maker) string { return fmt.Sprintf("%d/%d", m.IntN(9), 10) }},
		{"grade", "", "", func(m *maker) string { return m.pick("A+|A|B-|C|D") }},
		{"season", "", "", func(m *maker) string { return m.pick("Spring|Summer|Autumn|Winter") + " 20" + m.digits(2) }},
	}
}
