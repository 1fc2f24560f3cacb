package detect

// Lists of words, in the singular, that package-wide rules speak of. None is about one project: a word belongs here when it means the
// same in most databases.

// harmlessHeads are words that make a name harmless when they are its head: a kind of thing, a state, a measure, a switch.
const harmlessHeads = ` type kind class category status state phase stage step mode level format protocol version revision release count
 total size length width height depth amount quantity price cost fee rate ratio percent percentage score weight offset limit quota
 index order position rank sequence priority severity active flag visible hidden deleted default currency language locale timezone
 zone region country color unit scope direction ethertype algorithm architecture os platform driver backend plugin engine provider
 vendor manufacturer brand model action operation event method verb function permission privilege role capability feature factor schema theme style
 icon layout plan resource binary topic queue pool interface bridge bus port vlan mtu weekday day month year hour minute second
 duration interval period frequency timeout ttl time date timestamp expiry deadline schedule cron created updated modified started
 finished md5 sha1 sha256 sha512 sha crc checksum digest etag policy strategy threshold max min minimum maximum sum average avg
 median stat metric counter progress availability consistency geometry cipher encoding charset collation extension mime media
 aspect resolution bitrate bandwidth speed latency usage used free available reserved allocated capacity memory ram cpu vcpu disk
 gb mb kb bytes core operator lock locked sort group grouping sku ean column table view entity section chapter page sheet chain
 pipeline attempt retry delta balance point debit rating star stock tax discount vote generation nested ethernet device
 tenancy lifecycle source destination channel medium variant option choice toggle switch requirement required requires dependency
 needed binding trigger condition module package namespace app application tier grade ward bed room floor shelf bin rack row
 slot seat desk gate shift product item article material flavor codename subtotal multiplier coefficient digits tolerance drift
 swap algo handler helper vif vnic allocation verified enabled disabled`

// wrappingHeads only wrap what the words before them say.
const wrappingHeads = ` data info value string list set map json xml raw base64 encrypted hashed hash digest plain record entry detail text
 content blob input field normalized canonical lower masked last4 original html suffix prefix history old new number id code name
 identifier confirmation change changed request update backup hex reference cache metadata alias url path file image object item
 label description option`

// qualifiers stand at the end of names and say nothing of what the values are.
const qualifiers = ` raw original normalized canonical lower upper old new previous current backup copy v1 v2 v3 v4 v6 str string encrypted
 plain cleartext plaintext clear clean cleaned masked obfuscated sanitized phonetic base64 hex utf8 unicode primary secondary
 alternate temporary html xml json latin ascii list ci bin`

// contactQualifiers stand after what somebody is reached by, and say nothing more.
const contactQualifiers = ` private personal work home office business day night mobile`

// containerHeads are words for documents that may hold anything.
const containerHeads = ` data info metadata extra payload parameter property attribute option setting config preference context request
 response body argument environment template file header change diff result output input value variable cache blob content document
 record state detail spec definition rule filter field profile object snapshot dump trait customization annotation report answer
 form resource`

// harmlessContents are what documents are about that hold nobody's data.
const harmlessContents = ` cpu vcpu gpu memory supported capability feature schema theme ui layout style stat metric permission scope version
 flavor hardware disk product price currency locale language category type test unit model performance`

// people are words for persons in their relations: the head of a table's name, or before "name" and "id".
const people = ` user customer client patient employee staff person people member contact student teacher pupil subscriber guest visitor author
 candidate applicant owner passenger attendee participant donor lead prospect identity citizen resident doctor physician nurse
 recipient beneficiary voter player friend child spouse guardian borrower debtor creditor salesperson admin administrator account
 profile buyer seller shopper payer payee holder sender speaker colleague volunteer reviewer instructor professor lawyer witness
 suspect victim signer caregiver partner addressee insured`

// catalogs are heads of names of tables that list what a product offers, not what people enter.
const catalogs = ` hook type kind flavor role permission category product plan status country currency language locale setting feature flag region
 zone unit color tax coupon module plugin driver brand manufacturer level queue schedule migration version option quota spec item
 department skill genre sku variant tier rate holiday timezone state capability trait metadef namespace package class definition
 lookup dictionary protocol algorithm method mode action topology format`

// placeWords tell tables about where people are.
const placeWords = ` address location place city street zip residence delivery shipping billing postal`

// networkWords tell tables about networks.
const networkWords = ` ip network subnet port router dns dhcp interface address nic vlan vpn endpoint listener fixed floating virtual lease nat
 route pool allocation server host firewall tunnel peer node agent`

// healthWords tell tables about patients.
const healthWords = ` patient diagnosis prescription allergy vital admission clinical medical hospital encounter immunization
 vaccination symptom medication lab therapy surgery disease appointment treatment ward vaccine`

// secretWords tell tables about what opens doors.
const secretWords = ` token credential secret password key oauth otp confirmation verification authorization invitation session api
 activation reset grant certificate recovery transfer`

// hardwareWords tell tables and columns about what is inside of a machine.
const hardwareWords = ` pci usb cpu gpu numa memory bus disk firmware bios`

// switches begin names of columns that say yes or no, or how many.
const switches = ` is has can should allow allowed enable enabled use uses require required requires show hide send notify accept num count min
 total avg sum needs with without no ist hat anz anzahl nb must force`

// otherWords are known so that names that hold them can be taken apart.
const otherWords = ` security instance volume image group rule binding segment trunk qos metering standard tag domain web site store shop cart order
 invoice payment shipment newsletter log audit job task message thread forum board blog asset local remote public private internal
 external system service client target base start end first last begin stop next parent root mapping archive cluster provider association bank nat balancer health monitor insert ingress egress check expired
 revoked issued signed shared real project net`
