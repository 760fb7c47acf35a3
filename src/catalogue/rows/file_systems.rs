//! Amazon EFS, FSx, EBS volumes, and the vaults of AWS Backup.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_id, by_property, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// An EFS file system.
pub(crate) static FILE_SYSTEM: Kind = Kind::new(
    "EFS file system",
    "EFS file systems",
    &["FileSystem"],
    "AWS/EFS",
    &["AWS::EFS::FileSystem"],
    &[by_id("FileSystemId")],
);

/// An FSx file system of any type.
pub(crate) static FSX: Kind = Kind::new(
    "FSx file system",
    "FSx file systems",
    &["FsxFileSystem"],
    "AWS/FSx",
    &["AWS::FSx::FileSystem"],
    &[by_id("FileSystemId")],
);

/// An EBS volume.
pub(crate) static VOLUME: Kind =
    Kind::new("EBS volume", "EBS volumes", &["Volume"], "AWS/EBS", &["AWS::EC2::Volume"], &[by_id("VolumeId")]);

/// An EBS volume on its instance.
pub(crate) static ATTACHMENT: Kind = Kind::new(
    "attached EBS volume",
    "attached EBS volumes",
    &["Volume", "VolumeAttachment"],
    "AWS/EBS",
    &["AWS::EC2::VolumeAttachment"],
    &[by_property("VolumeId", "VolumeId"), by_property("InstanceId", "InstanceId")],
);

/// A backup vault.
pub(crate) static VAULT: Kind = Kind::new(
    "backup vault",
    "backup vaults",
    &["BackupVault"],
    "AWS/Backup",
    &["AWS::Backup::BackupVault"],
    &[by_ref("BackupVaultName", "BackupVaultName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&FILE_SYSTEM, &FSX, &VOLUME, &ATTACHMENT, &VAULT];

const BURSTING: Test = is_by_default!("ThroughputMode", "bursting");
const LUSTRE: Test = Test::Is("FileSystemType", &["LUSTRE"]);
const WINDOWS: Test = Test::Is("FileSystemType", &["WINDOWS"]);
const WITH_SERVERS: Test = Test::Is("FileSystemType", &["WINDOWS", "ONTAP", "OPENZFS"]);
/// Bytes in a GiB: `StorageCapacity` is in GiB.
const GIB: f64 = 1_073_741_824.0;

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("BackupVault.ExpiredBackups", &[&VAULT], &[one("NumberOfBackupJobsExpired", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .says("A backup into this vault did not start within its window, so there is none.", "Look at the backup jobs: another may still run, or the window is too short.")
        .source("Our own: one missed backup is one too many; AWS Backup metrics with CloudWatch."),
    alarm("BackupVault.FailedBackups", &[&VAULT], &[one("NumberOfBackupJobsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Essential)
        .says("A backup into this vault has failed.", "Read the job's message in AWS Backup: role, KMS key, or a resource in the wrong state. Then start it again.")
        .source("Our own: one failed backup is one too many; AWS Backup metrics with CloudWatch."),
    alarm("BackupVault.FailedCopies", &[&VAULT], &[one("NumberOfCopyJobsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .says("A copy of a backup to another vault has failed.", "Read the copy job's message: the other vault's policy, or a KMS key that its account may not use.")
        .source("Our own: one failed copy is one too many; AWS Backup metrics with CloudWatch."),
    alarm("BackupVault.FailedRestores", &[&VAULT], &[one("NumberOfRestoreJobsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .says("A backup of this vault could not be restored.", "Read the restore job's message: role, metadata, or limits of the account.")
        .source("Our own: one failed restore is one too many; AWS Backup metrics with CloudWatch."),
    alarm("FileSystem.BurstCredits", &[&FILE_SYSTEM], &[one("BurstCreditBalance", "Average")])
        .only(BURSTING)
        .below(number(1.0), Unit::Bytes)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The file system has no burst credits left; it is as slow as its size allows.", "Set ThroughputMode to elastic, then look which client reads or writes so much.")
        .source("AWS recommends BurstCreditBalance Average at 0 or less, 15 of 15; only bursting throughput has credits."),
    alarm("FileSystem.IoLimit", &[&FILE_SYSTEM], &[one("PercentIOLimit", "Average")])
        .only(is_by_default!("PerformanceMode", "generalPurpose"))
        .above(number(95.0), Unit::Percent)
        .of(15, 15, 60)
        .says("The file system is at more than {threshold} of the I/O that its performance mode allows.", "Look for clients with many small operations; spread the data over more file systems.")
        .source("AWS recommends PercentIOLimit Average at 100 or more, 15 of 15; an average hardly reaches 100, so 95. General purpose mode only."),
    alarm("FileSystem.LowBurstCredits", &[&FILE_SYSTEM], &[one("BurstCreditBalance", "Average")])
        .only(BURSTING)
        .below(number(230_897_441_833.0), Unit::Bytes)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("A tenth of the burst credits of a new file system is left; without credits it gets slow.", "Look which client reads or writes so much, or set ThroughputMode to elastic.")
        .source("Our own number: a tenth of the 2.1 TiB (2.31 TB) with which a file system starts; Amazon EFS performance."),
    alarm(
        "FileSystem.Throughput",
        &[&FILE_SYSTEM],
        &[metric("m", "MeteredIOBytes", "Sum"), metric("p", "PermittedThroughput", "Average")],
    )
    .math("100 * m / (PERIOD(m) * p)")
    .only(is_by_default!("ThroughputMode", "bursting", "provisioned"))
    .above(number(90.0), Unit::Percent)
    .of(15, 15, 60)
    .says("Clients use more than {threshold} of the throughput that the file system permits.", "Look which client reads or writes so much; raise the provisioned throughput, or use elastic.")
    .source("Our own number: Using metric math with CloudWatch metrics, Amazon EFS; elastic throughput has no such limit to size."),
    alarm("FsxFileSystem.CpuUtilization", &[&FSX], &[one("CPUUtilization", "Average")])
        .only(WITH_SERVERS)
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The file server's CPU has been above {threshold} for 15 minutes.", "Look at deduplication, snapshots and small operations; raise ThroughputCapacity.")
        .source("Our own number: monitoring with Amazon CloudWatch, user guides of FSx for Windows, ONTAP and OpenZFS."),
    alarm("FsxFileSystem.FreeData", &[&FSX], &[one("FreeDataStorageCapacity", "Sum")])
        .only(LUSTRE)
        .below(share(10, "StorageCapacity", GIB, None), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Less than {threshold} of the file system's storage are free: a tenth. Without any, writes fail.", "Release files that are in S3, delete old ones, or raise StorageCapacity.")
        .source("Our own share: FreeDataStorageCapacity is by disk, its Sum over a minute by file system; FSx for Lustre metrics and dimensions."),
    alarm("FsxFileSystem.FreeStorage", &[&FSX], &[one("FreeStorageCapacity", "Minimum")])
        .only(WINDOWS)
        .below(share(10, "StorageCapacity", GIB, None), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Less than {threshold} of the file system's storage are free: a tenth. Without any, writes fail.", "Delete old files and shadow copies, or raise StorageCapacity.")
        .source("Our own share: Monitoring with Amazon CloudWatch, FSx for Windows File Server."),
    alarm("FsxFileSystem.NetworkUtilization", &[&FSX], &[one("NetworkThroughputUtilization", "Average")])
        .only(WITH_SERVERS)
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Clients use more than {threshold} of the file system's network throughput.", "Look which client transfers so much; raise ThroughputCapacity.")
        .source("Our own number: monitoring with Amazon CloudWatch, user guides of FSx for Windows, ONTAP and OpenZFS."),
    alarm("Volume.BurstBalance", &[&VOLUME], &[one("BurstBalance", "Average")])
        .only(is_by_default!("VolumeType", "gp2", "st1", "sc1"))
        .below(number(20.0), Unit::Percent)
        .of(5, 5, 300)
        .says("Less than {threshold} of the volume's burst credits are left; without them it falls to its baseline.", "Look what reads or writes so much; gp3 volumes have no credits.")
        .source("Our own number: Amazon CloudWatch metrics for Amazon EBS; gp2, st1 and sc1 only. A gp2 volume above 1,000 GiB stays at 100 %."),
    alarm("VolumeAttachment.IopsExceeded", &[&ATTACHMENT], &[one("VolumeIOPSExceededCheck", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("For 15 minutes the instance has asked for more IOPS than the volume has.", "Look what reads or writes so much; raise the volume's Iops.")
        .source("Our own window: Amazon CloudWatch metrics for Amazon EBS; Nitro instances only."),
    alarm("VolumeAttachment.StalledIo", &[&ATTACHMENT], &[one("VolumeStalledIOCheck", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The volume has not completed any I/O for ten minutes.", "Look at the volume's status and the AWS Health Dashboard; restore a snapshot to another volume.")
        .source("AWS recommends VolumeStalledIOCheck Maximum at 1 or more, 10 of 10; Nitro instances only."),
    alarm("VolumeAttachment.ThroughputExceeded", &[&ATTACHMENT], &[one("VolumeThroughputExceededCheck", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("For 15 minutes the instance has asked for more throughput than the volume has.", "Look what reads or writes so much; raise the volume's Throughput.")
        .source("Our own window: Amazon CloudWatch metrics for Amazon EBS; Nitro instances only."),
];
