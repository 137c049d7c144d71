# The role that outcrop assumes, and the identity provider of GitHub Actions; see docs/aws.md.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0" # older versions require a thumbprint_list
    }
  }
}

variable "repository" {
  description = "Name of the repository, OWNER/NAME; or OWNER/* for all repositories of an organization."
  type        = string
}

variable "owner_id" {
  description = "Id of the repository's owner, as `gh api repos/ORG/REPO --jq .owner.id` prints it."
  type        = string
}

variable "repository_id" {
  description = "Id of the repository, as `gh api repos/ORG/REPO --jq .id` prints it; empty with OWNER/* as repository."
  type        = string
  default     = ""
}

variable "default_branch" {
  description = "Commands in comments and scheduled runs start from this branch."
  type        = string
  default     = "main"
}

variable "job_workflow_ref" {
  description = "The only workflow that may assume the role; empty for any, or for example ORG/REPO/.github/workflows/review.yml@refs/heads/main."
  type        = string
  default     = ""
}

variable "create_provider" {
  description = "Set false if the account already has the identity provider of GitHub Actions."
  type        = bool
  default     = true
}

variable "role_name" {
  description = "Name of the role."
  type        = string
  default     = "outcrop"
}

variable "region" {
  description = "Region that outcrop calls, the value of the input aws-region."
  type        = string
  default     = "us-east-1"
}

variable "profile_prefix" {
  description = "Start of the ids of the inference profiles that the role may call."
  type        = string
  default     = "us.anthropic."
}

variable "model_prefix" {
  description = "Start of the ids of the models behind those profiles."
  type        = string
  default     = "anthropic."
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  issuer    = "token.actions.githubusercontent.com"
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  parts     = split("/", var.repository)
  id        = var.repository_id == "" ? "" : "@${var.repository_id}"
  immutable = "${local.parts[0]}@${var.owner_id}/${local.parts[1]}${local.id}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.create_provider ? 1 : 0
  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type = "Federated"
      identifiers = [
        var.create_provider ? aws_iam_openid_connect_provider.github[0].arn : "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.issuer}"
      ]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = var.repository_id == "" ? [] : [var.repository_id]
      content {
        test     = "StringEquals"
        variable = "${local.issuer}:repository_id"
        values   = [condition.value]
      }
    }

    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values = [
        "repo:${var.repository}:pull_request",
        "repo:${local.immutable}:pull_request",
        "repo:${var.repository}:ref:refs/heads/${var.default_branch}",
        "repo:${local.immutable}:ref:refs/heads/${var.default_branch}",
      ]
    }

    dynamic "condition" {
      for_each = var.job_workflow_ref == "" ? [] : [var.job_workflow_ref]
      content {
        test     = "StringLike"
        variable = "${local.issuer}:job_workflow_ref"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "models" {
  statement {
    actions = [
      "bedrock:InvokeModel",
      "bedrock:InvokeModelWithResponseStream",
    ]
    resources = [
      "arn:${local.partition}:bedrock:${var.region}:${local.account}:inference-profile/${var.profile_prefix}*",
      "arn:${local.partition}:bedrock:*::foundation-model/${var.model_prefix}*",
      "arn:${local.partition}:bedrock:${var.region}:${local.account}:project/*",
    ]
  }

  statement {
    actions   = ["bedrock:CountTokens", "bedrock:GetFoundationModel"]
    resources = ["arn:${local.partition}:bedrock:*::foundation-model/${var.model_prefix}*"]
  }
}

resource "aws_iam_role" "outcrop" {
  name                 = var.role_name
  description          = "Calls models on Amazon Bedrock for outcrop."
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "models" {
  name   = "invoke-models"
  role   = aws_iam_role.outcrop.id
  policy = data.aws_iam_policy_document.models.json
}

output "role_arn" {
  description = "Value of the input role-to-assume."
  value       = aws_iam_role.outcrop.arn
}
